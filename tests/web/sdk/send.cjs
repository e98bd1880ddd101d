// node send.cjs segment|rudder HOST: four messages by the library, with only host and key configured.
const [library, host] = process.argv.slice(2);

const segment = () => {
  const { Analytics } = require("@segment/analytics-node");
  const client = new Analytics({ writeKey: "demo", host });
  return { client, close: () => client.closeAndFlush() };
};
const rudder = () => {
  const Analytics = require("@rudderstack/rudder-sdk-node");
  const client = new Analytics("demo", { dataPlaneUrl: host });
  return { client, close: () => client.flush() };
};

const { client, close } = { segment, rudder }[library]();
const userId = `${library}-user`;
client.identify({ userId, traits: { plan: "gold" } });
client.page({ userId, name: "Cart", properties: { url: "https://shop.test/cart" } });
client.track({ userId, event: "Product Added", properties: { product_id: "p1", price: 39.9, quantity: 1 } });
client.track({ userId, event: "Order Completed", properties: { order_id: "o1", total: 79.8, currency: "EUR" } });
Promise.resolve(close()).then(() => setTimeout(() => process.exit(0), 500));
