// Accounts, contracts, prices and history for the unchanged client @stoqey/ib.
import assert from "node:assert/strict";
import { test } from "node:test";

import ib from "@stoqey/ib";

import { account, apple, host, port, session } from "./ib_session.mjs";

const { BarSizeSetting, EventName, IBApi, SecType, WhatToShow } = ib;
const { client, hear, act, all, requestId } = session(31);

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
  const single = requestId();
  act(() => client.reqPnLSingle(single, account, "", apple.conId));
  const [, held] = await hear(EventName.pnlSingle);
  assert.ok(held >= 100);
  client.cancelPnLSingle(single);
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
  assert.equal(increments.at(-1).increment, 0.01);
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

test("running bars go on until they are cancelled", async () => {
  const bars = requestId();
  act(() => client.reqHistoricalData(bars, apple, "", "5 D", BarSizeSetting.HOURS_ONE, WhatToShow.TRADES, 0, 2, true));
  await hear(EventName.historicalDataUpdate, (id) => id === bars);
  client.cancelHistoricalData(bars);
});

test("values and positions of one account by the multi requests", async () => {
  const values = requestId();
  act(() => client.reqAccountUpdatesMulti(values, account, "", false));
  await hear(EventName.accountUpdateMultiEnd, (id) => Number(id) === values);
  assert.ok(all(EventName.accountUpdateMulti).some(([, of, , key]) => of === account && key === "NetLiquidation"));
  client.cancelAccountUpdatesMulti(values);
  const positions = requestId();
  act(() => client.reqPositionsMulti(positions, account, ""));
  await hear(EventName.positionMultiEnd, (id) => Number(id) === positions);
  assert.ok(all(EventName.positionMulti).every(([, of]) => of === account));
  assert.ok(all(EventName.positionMulti).length >= 5);
  client.cancelPositionsMulti(positions);
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
