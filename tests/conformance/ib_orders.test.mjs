// Orders of every kind for the unchanged client @stoqey/ib.
import assert from "node:assert/strict";
import { test } from "node:test";

import ib from "@stoqey/ib";

import { account, apple, session } from "./ib_session.mjs";

const { EventName, OrderAction, OrderType, TimeInForce } = ib;
const { client, hear, act, all, requestId, orderId, order, place } = session(32);

async function cancel(id) {
  act(() => client.cancelOrder(id));
  await hear(EventName.orderStatus, (of, status) => of === id && status === "Cancelled");
}

test("a limit order rests, is modified, is seen open, and is cancelled", async () => {
  const { id, reference } = place({ action: OrderAction.BUY, orderType: OrderType.LMT, totalQuantity: 5, lmtPrice: 100 });
  await hear(EventName.orderStatus, (of, status) => of === id && status === "Submitted");
  act(() => client.placeOrder(id, apple, order({ action: OrderAction.BUY, orderType: OrderType.LMT,
    totalQuantity: 6, lmtPrice: 101, orderRef: reference })));
  const [, , changed] = await hear(EventName.openOrder, (of, _contract, one) => of === id && one.lmtPrice === 101);
  assert.equal(changed.totalQuantity, 6);
  act(() => client.reqOpenOrders());
  await hear(EventName.openOrderEnd);
  const [, contract, open, state] = all(EventName.openOrder).find(([of]) => of === id);
  assert.equal(contract.conId, apple.conId);
  assert.equal(open.orderRef, reference);
  assert.equal(open.account, account);
  assert.equal(open.orderType, "LMT");
  assert.equal(state.status, "Submitted");
  act(() => client.reqAllOpenOrders());
  await hear(EventName.openOrderEnd);
  assert.ok(all(EventName.openOrder).some(([of]) => of === id));
  act(() => client.cancelOrder(id));
  await hear(EventName.orderStatus, (of, status) => of === id && status === "Cancelled");
  await hear(EventName.error, (_error, code, of) => of === id && code === 202);
});

test("a market order fills in parts, with executions and commissions", async () => {
  const { id, reference } = place({ action: OrderAction.BUY, orderType: OrderType.MKT, totalQuantity: 60 });
  await hear(EventName.orderStatus, (of, status, filled, remaining) => of === id && status === "Filled" && filled === 60 && remaining === 0);
  await hear(EventName.commissionReport);
  const live = all(EventName.execDetails).map(([, , execution]) => execution);
  assert.equal(live.length, 3);
  assert.equal(live.reduce((sum, one) => sum + one.shares, 0), 60);

  const request = requestId();
  act(() => client.reqExecutions(request, { acctCode: account }));
  await hear(EventName.execDetailsEnd, (of) => of === request);
  const asked = all(EventName.execDetails).map(([, , execution]) => execution).filter((one) => one.orderRef === reference);
  assert.deepEqual(asked.map((one) => one.execId), live.map((one) => one.execId));
  assert.deepEqual(asked.map((one) => one.cumQty), [20, 40, 60]);
  assert.equal(all(EventName.commissionReport).length >= 3, true);

  act(() => client.reqCompletedOrders(true));
  await hear(EventName.completedOrdersEnd);
  const [, done, state] = all(EventName.completedOrder).find(([, one]) => one.orderRef === reference);
  assert.equal(done.orderType, "MKT");
  assert.equal(state.status, "Filled");
});

test("a what-if answers with margins and a refusal with its code", async () => {
  const { id } = place({ action: OrderAction.BUY, orderType: OrderType.MKT, totalQuantity: 10, whatIf: true });
  const [, , , state] = await hear(EventName.openOrder, (of) => of === id);
  assert.ok(state.initMarginChange > 0);
  const refused = place({ action: OrderAction.BUY, orderType: OrderType.LMT, totalQuantity: 1, lmtPrice: 100.001 });
  const [, code] = await hear(EventName.error, (_error, _code, of) => of === refused.id);
  assert.equal(code, 110);
});


test("a trailing stop moves with its price and is cancelled", async () => {
  const { id } = place({ action: OrderAction.SELL, orderType: OrderType.TRAIL, totalQuantity: 5, trailingPercent: 20 });
  const [, , shown] = await hear(EventName.openOrder, (of) => of === id);
  assert.equal(shown.orderType, "TRAIL");
  assert.equal(shown.trailingPercent, 20);
  assert.ok(shown.trailStopPrice > 0);
  await cancel(id);
});

test("a bracket waits for its parent; the fill of one child ends the other", async () => {
  const [parent, profit, stop] = [orderId(), orderId(), orderId()];
  act(() => {
    client.placeOrder(parent, apple, order({ action: OrderAction.BUY, orderType: OrderType.MKT, totalQuantity: 3, transmit: false }));
    client.placeOrder(profit, apple, order({ action: OrderAction.SELL, orderType: OrderType.LMT, totalQuantity: 3, lmtPrice: 1, parentId: parent, transmit: false }));
    client.placeOrder(stop, apple, order({ action: OrderAction.SELL, orderType: OrderType.STP, totalQuantity: 3, auxPrice: 1, parentId: parent, transmit: true }));
  });
  await hear(EventName.orderStatus, (of, status) => of === parent && status === "Filled");
  const [, , , , , , parentId] = await hear(EventName.orderStatus, (of) => of === stop);
  assert.equal(parentId, parent);
  await hear(EventName.orderStatus, (of, status) => of === profit && status === "Filled");
  await hear(EventName.orderStatus, (of, status) => of === stop && status === "Cancelled");
});

test("of one group, the fill of one cancels the other", async () => {
  const rest = place({ action: OrderAction.BUY, orderType: OrderType.LMT, totalQuantity: 1, lmtPrice: 1, ocaGroup: "either", ocaType: 1 });
  await hear(EventName.orderStatus, (of, status) => of === rest.id && status === "Submitted");
  const filled = place({ action: OrderAction.BUY, orderType: OrderType.MKT, totalQuantity: 1, ocaGroup: "either", ocaType: 1 });
  await hear(EventName.orderStatus, (of, status) => of === filled.id && status === "Filled");
  await hear(EventName.orderStatus, (of, status) => of === rest.id && status === "Cancelled");
});

test("an order that cannot fill at once or wholly goes away by itself", async () => {
  for (const tif of [TimeInForce.IOC, TimeInForce.FOK]) {
    const { id } = place({ action: OrderAction.BUY, orderType: OrderType.LMT, totalQuantity: 1, lmtPrice: 1, tif });
    await hear(EventName.orderStatus, (of, status) => of === id && status === "Cancelled");
  }
});

test("an order that is good till a date shows the date", async () => {
  const goodTillDate = "20991231 16:00:00 US/Eastern";
  const { id } = place({ action: OrderAction.BUY, orderType: OrderType.LMT, totalQuantity: 1, lmtPrice: 100, tif: TimeInForce.GTD, goodTillDate });
  const [, , shown] = await hear(EventName.openOrder, (of) => of === id);
  assert.equal(shown.tif, "GTD");
  assert.ok(shown.goodTillDate.startsWith("20991231"));
  await cancel(id);
});
