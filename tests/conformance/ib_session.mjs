// One connection of the unchanged client @stoqey/ib to the simulated IB Gateway, for a file of tests.
// The address comes from the environment: JANUS_SIM_IB=HOST:PORT. Every local error of the client
// that speaks of a field too few or too many (505) fails the test that runs.
import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";

import ib from "@stoqey/ib";

const { EventName, IBApi, SecType, TimeInForce } = ib;

export const [host, port] = (process.env.JANUS_SIM_IB ?? "").split(":");
export const account = "DU1000001";
export const apple = { conId: 265598, exchange: "SMART", currency: "USD", secType: SecType.STK };
export const patience = 15000;

/** Connects before the tests of the file and disconnects after them. */
export function session(clientId) {
  const client = new IBApi({ host, port: Number(port), clientId });
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
  const orderId = () => nextOrderId++;

  function order(more) {
    return { account, tif: TimeInForce.DAY, transmit: true, orderRef: `conformance-${nextOrderId}`, ...more };
  }

  function place(terms, contract = apple) {
    const id = orderId();
    const wanted = order(terms);
    act(() => client.placeOrder(id, contract, wanted));
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

  return { client, hear, act, all, requestId, orderId, order, place };
}
