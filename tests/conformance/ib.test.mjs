// The unchanged client @stoqey/ib against the simulated IB Gateway. The address comes from the
// environment: JANUS_SIM_IB=HOST:PORT. Every local error of the client that speaks of a field too
// few or too many (505) fails the test that runs.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import ib from "@stoqey/ib";

const { EventName, IBApi, OrderAction, OrderType, SecType, TimeInForce } = ib;
const { BarSizeSetting, WhatToShow } = ib;

const [host, port] = (process.env.JANUS_SIM_IB ?? "").split(":");
const account = "DU1000001";
const apple = { conId: 265598, exchange: "SMART", currency: "USD", secType: SecType.STK };
const patience = 15000;

const client = new IBApi({ host, port: Number(port), clientId: 31 });
const heard = [];
let mark = 0;
let nextOrderId = 0;
let nextRequestId = 1_000_000_000;

client.on(EventName.all, (name, args) => heard.push({ name, args }));

/** Waits until `found` answers something for one of the events since the last `act`. */
async function hear(name, found = () => true) {
  const deadline = Date.now() + patience;
  while (Date.now() < deadline) {
    const event = heard.slice(mark).find((one) => one.name === name && found(...one.args));
    if (event) return event.args;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const names = heard.slice(mark).map((one) => `${one.name}(${one.args.map(String).join(", ")})`);
  assert.fail(`no ${name} within ${patience} ms; heard: ${names.join("; ")}`);
}

/** Does something and forgets what was heard before. */
function act(deed) {
  mark = heard.length;
  deed();
}

const all = (name) => heard.slice(mark).filter((one) => one.name === name).map((one) => one.args);
const requestId = () => nextRequestId++;

function order(more) {
  return { account, tif: TimeInForce.DAY, transmit: true, orderRef: `conformance-${nextOrderId}`, ...more };
}

function place(terms) {
  const id = nextOrderId++;
  const wanted = order(terms);
  act(() => client.placeOrder(id, apple, wanted));
  return { id, reference: wanted.orderRef };
}

before(async () => {
  act(() => client.connect());
  [nextOrderId] = await hear(EventName.nextValidId);
});

after(() => client.disconnect());

afterEach(() => {
  const local = heard.filter((one) => one.name === EventName.error && one.args[1] >= 501 && one.args[1] <= 599);
  assert.deepEqual(local.map((one) => `${one.args[1]} ${one.args[0].message}`), []);
});

test("the client connects at its own highest version and learns the accounts", async () => {
  assert.equal(client.serverVersion, 193);
  act(() => client.reqManagedAccts());
  const [accounts] = await hear(EventName.managedAccounts);
  assert.deepEqual(accounts.split(","), ["DU1000001", "DU1000002"]);
  act(() => client.reqCurrentTime());
  const [time] = await hear(EventName.currentTime);
  assert.ok(Math.abs(time - Date.now() / 1000) < 60);
});

test("positions, balances and profit", async () => {
  act(() => client.reqPositions());
  await hear(EventName.positionEnd);
  const holding = all(EventName.position).find(([of, contract]) => of === account && contract.symbol === "BRK B");
  assert.equal(holding[2], 10);
  client.cancelPositions();

  const summary = requestId();
  act(() => client.reqAccountSummary(summary, "All", "NetLiquidation,TotalCashValue,$LEDGER:ALL"));
  await hear(EventName.accountSummaryEnd);
  assert.ok(all(EventName.accountSummary).some(([, of, tag]) => of === "DU1000002" && tag === "NetLiquidation"));
  client.cancelAccountSummary(summary);

  act(() => client.reqAccountUpdates(true, account));
  await hear(EventName.accountDownloadEnd);
  assert.ok(all(EventName.updatePortfolio).length >= 5);
  client.reqAccountUpdates(false, account);

  const profit = requestId();
  act(() => client.reqPnL(profit, account));
  await hear(EventName.pnl, (id) => id === profit);
  client.cancelPnL(profit);
  act(() => client.reqPnLSingle(profit + 1, account, "", apple.conId));
  nextRequestId = profit + 2;
  const [, held] = await hear(EventName.pnlSingle);
  assert.ok(held >= 100);
  client.cancelPnLSingle(profit + 1);
});

test("contract details, search, price grid and option chain", async () => {
  const details = async (contract) => {
    const id = requestId();
    act(() => client.reqContractDetails(id, contract));
    await hear(EventName.contractDetailsEnd, (of) => of === id);
    return all(EventName.contractDetails).map(([, one]) => one);
  };
  const [stock] = await details({ symbol: "AAPL", secType: SecType.STK, exchange: "SMART", currency: "USD" });
  assert.equal(stock.contract.conId, 265598);
  assert.equal(stock.contract.primaryExch, "NASDAQ");
  assert.equal(stock.minTick, 0.01);
  const [future] = await details({ symbol: "NQ", secType: SecType.FUT, exchange: "CME", lastTradeDateOrContractMonth: "202612" });
  assert.equal(future.contract.localSymbol, "NQZ6");
  const ambiguous = await details({ symbol: "AMBX", secType: SecType.STK, exchange: "SMART", currency: "USD" });
  assert.equal(ambiguous.length, 3);

  const id = requestId();
  act(() => client.reqContractDetails(id, { symbol: "NOIB", secType: SecType.STK, exchange: "SMART", currency: "USD" }));
  const [, code] = await hear(EventName.error, (_error, _code, of) => of === id);
  assert.equal(code, 200);

  act(() => client.reqMatchingSymbols(requestId(), "AAP"));
  const [, samples] = await hear(EventName.symbolSamples);
  assert.equal(samples[0].contract.conId, 265598);
  act(() => client.reqMarketRule(Number(stock.marketRuleIds.split(",")[0])));
  const [, increments] = await hear(EventName.marketRule);
  assert.equal(increments[0].increment, 0.01);
  act(() => client.reqSecDefOptParams(requestId(), "AAPL", "", SecType.STK, 265598));
  await hear(EventName.securityDefinitionOptionParameterEnd);
  assert.equal(all(EventName.securityDefinitionOptionParameter).length, 1);
});

test("ticks, tick by tick and bars", async () => {
  const ticks = requestId();
  act(() => client.reqMktData(ticks, apple, "", false, false));
  await hear(EventName.tickReqParams, (id) => id === ticks);
  await hear(EventName.tickPrice, (id, field, price) => id === ticks && field === 1 && price > 0);
  await hear(EventName.tickSize, (id) => id === ticks);
  client.cancelMktData(ticks);

  const snapshot = requestId();
  act(() => client.reqMktData(snapshot, apple, "", true, false));
  await hear(EventName.tickSnapshotEnd, (id) => id === snapshot);

  for (const [kind, event] of [["BidAsk", EventName.tickByTickBidAsk],
                               ["Last", EventName.tickByTickAllLast],
                               ["MidPoint", EventName.tickByTickMidPoint]]) {
    const id = requestId();
    act(() => client.reqTickByTickData(id, apple, kind, 0, true));
    await hear(event, (of) => of === id);
    client.cancelTickByTickData(id);
  }

  const bars = requestId();
  act(() => client.reqRealTimeBars(bars, apple, 5, WhatToShow.TRADES, false));
  await hear(EventName.realtimeBar, (id) => id === bars);
  client.cancelRealTimeBars(bars);

  const history = requestId();
  act(() => client.reqHistoricalData(history, apple, "", "5 D", BarSizeSetting.HOURS_ONE, WhatToShow.TRADES, 1, 2, false));
  await hear(EventName.historicalData, (id, time) => id === history && String(time).startsWith("finished"));
  assert.ok(all(EventName.historicalData).length > 10);
  act(() => client.reqHeadTimestamp(requestId(), apple, WhatToShow.TRADES, true, 1));
  await hear(EventName.headTimestamp);
});

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

test("a second connection with the same client id is refused and the first one lives", async () => {
  const second = new IBApi({ host, port: Number(port), clientId: 31 });
  const code = await new Promise((resolve) => {
    second.on(EventName.error, (_error, number) => resolve(number));
    second.on(EventName.info, (_message, number) => number === 326 && resolve(number));
    second.connect();
  });
  assert.equal(code, 326);
  second.disconnect();
  act(() => client.reqCurrentTime());
  await hear(EventName.currentTime);
});
