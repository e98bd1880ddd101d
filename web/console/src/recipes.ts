// How orders get in: for each kind of shop, whole pieces of code that work as they stand. Only the secret key is to be put in.

export interface Place { host: string; publicKey: string }
export interface Recipe { id: RecipeId; files: { name: string; code: string }[] }
export const RECIPE_IDS = ["woocommerce", "prestashop", "shopify", "magento", "gtm", "server"] as const;
export type RecipeId = (typeof RECIPE_IDS)[number];

/** The page keeps the visitor's id in a cookie of the shop, from where the shop's server reads it. */
export const JOIN = `<script>
  window.aparte = window.aparte || [];
  aparte.push(["visitorId", function (id) {
    if (id) document.cookie = "aparte_visitor=" + id + "; path=/; max-age=86400; SameSite=Lax; Secure";
  }]);
</script>`;

export const CONSENT = `aparte.consent("granted");
aparte.consent("denied");`;

const woocommerce = ({ host }: Place): Recipe["files"] => [{
  name: "wp-content/mu-plugins/aparte-orders.php",
  code: `<?php
/* Plugin Name: Aparté orders. In wp-config.php: define('APARTE_SECRET', '...'); */
function aparte_keep_visitor($order) {
    $visitor = $_COOKIE['aparte_visitor'] ?? '';
    if (preg_match('/^[0-9a-f]{32}$/', $visitor)) {
        $order->update_meta_data('_aparte_visitor', $visitor);
        $order->save();
    }
}
add_action('woocommerce_checkout_order_created', 'aparte_keep_visitor');
add_action('woocommerce_store_api_checkout_order_processed', 'aparte_keep_visitor');

function aparte_send($event, $message_id, $order, $properties) {
    $body = ['messageId' => $message_id, 'event' => $event, 'timestamp' => gmdate('c'), 'properties' => $properties];
    $visitor = $order->get_meta('_aparte_visitor');
    if ($visitor) $body['anonymousId'] = $visitor;
    else $body['userId'] = 'order-' . $order->get_id();
    wp_remote_post('${host}/v1/track', [
        'timeout' => 5,
        'headers' => [
            'Content-Type' => 'application/json',
            'Authorization' => 'Basic ' . base64_encode(APARTE_SECRET . ':'),
        ],
        'body' => wp_json_encode($body),
    ]);
}

function aparte_order($order_id) {
    $order = wc_get_order($order_id);
    $products = [];
    foreach ($order->get_items() as $item) {
        $quantity = max(1, $item->get_quantity());
        $products[] = [
            'product_id' => (string) $item->get_product_id(),
            'name' => $item->get_name(),
            'quantity' => $quantity,
            'price' => round($item->get_total() / $quantity, 2),
        ];
    }
    aparte_send('Order Completed', 'wc-order-' . $order_id, $order, [
        'order_id' => (string) $order_id,
        'total' => (float) $order->get_total(),
        'currency' => $order->get_currency(),
        'products' => $products,
    ]);
}
add_action('woocommerce_order_status_processing', 'aparte_order');
add_action('woocommerce_order_status_completed', 'aparte_order');

add_action('woocommerce_order_refunded', function ($order_id, $refund_id) {
    $order = wc_get_order($order_id);
    aparte_send('Order Refunded', 'wc-refund-' . $refund_id, $order, [
        'order_id' => (string) $order_id,
        'total' => (float) wc_get_order($refund_id)->get_amount(),
        'currency' => $order->get_currency(),
    ]);
}, 10, 2);`,
}];

const prestashop = ({ host }: Place): Recipe["files"] => [{
  name: "modules/aparteorders/aparteorders.php",
  code: `<?php
if (!defined('_PS_VERSION_')) exit;

class AparteOrders extends Module
{
    public function __construct()
    {
        $this->name = 'aparteorders';
        $this->version = '1.0.0';
        $this->author = 'Aparté';
        parent::__construct();
        $this->displayName = 'Aparté orders';
    }

    public function install()
    {
        return parent::install() && $this->registerHook('actionValidateOrder');
    }

    public function hookActionValidateOrder($params)
    {
        $order = $params['order'];
        $products = [];
        foreach ($order->getProducts() as $line) {
            $products[] = [
                'product_id' => (string) $line['product_id'],
                'name' => $line['product_name'],
                'quantity' => (int) $line['product_quantity'],
                'price' => round((float) $line['unit_price_tax_incl'], 2),
            ];
        }
        $visitor = $_COOKIE['aparte_visitor'] ?? '';
        $known = preg_match('/^[0-9a-f]{32}$/', $visitor);
        $body = json_encode([
            'messageId' => 'ps-order-' . $order->id,
            $known ? 'anonymousId' : 'userId' => $known ? $visitor : 'order-' . $order->id,
            'event' => 'Order Completed',
            'timestamp' => gmdate('c'),
            'properties' => [
                'order_id' => $order->reference,
                'total' => (float) $order->total_paid_tax_incl,
                'currency' => $params['currency']->iso_code,
                'products' => $products,
            ],
        ]);
        $call = curl_init('${host}/v1/track');
        curl_setopt_array($call, [
            CURLOPT_POST => true,
            CURLOPT_POSTFIELDS => $body,
            CURLOPT_HTTPHEADER => ['Content-Type: application/json'],
            CURLOPT_USERPWD => getenv('APARTE_SECRET') . ':',
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT => 5,
        ]);
        curl_exec($call);
        curl_close($call);
    }
}`,
}];

const shopify = ({ host }: Place): Recipe["files"] => [
  {
    name: "layout/theme.liquid",
    code: `<script>
  window.aparte = window.aparte || [];
  aparte.push(["visitorId", function (id) {
    if (id) fetch("/cart/update.js", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ attributes: { _aparte: id } })
    });
  }]);
</script>`,
  },
  {
    name: "webhook.mjs",
    code: `import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const { SHOPIFY_SECRET, APARTE_SECRET, PORT = "8080" } = process.env;

function genuine(raw, signature) {
  const expected = createHmac("sha256", SHOPIFY_SECRET).update(raw).digest();
  const given = Buffer.from(signature ?? "", "base64");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

async function forward(order) {
  const visitor = order.note_attributes.find((one) => one.name === "_aparte")?.value;
  const answer = await fetch("${host}/v1/track", {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Authorization: "Basic " + Buffer.from(APARTE_SECRET + ":").toString("base64"),
    },
    body: JSON.stringify({
      messageId: "shopify-order-" + order.id,
      ...(visitor ? { anonymousId: visitor } : { userId: "order-" + order.id }),
      event: "Order Completed",
      timestamp: order.processed_at,
      properties: {
        order_id: String(order.id),
        total: Number(order.total_price),
        currency: order.currency,
        products: order.line_items.map((line) => ({
          product_id: String(line.product_id),
          name: line.name,
          quantity: line.quantity,
          price: Number(line.price),
        })),
      },
    }),
  });
  return answer.ok;
}

createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const raw = Buffer.concat(parts);
  if (!genuine(raw, request.headers["x-shopify-hmac-sha256"])) return response.writeHead(401).end();
  const taken = await forward(JSON.parse(raw.toString("utf8"))).catch(() => false);
  response.writeHead(taken ? 200 : 503).end();
}).listen(Number(PORT));`,
  },
];

const magento = ({ host }: Place): Recipe["files"] => [
  { name: "app/code/Aparte/Orders/registration.php", code: `<?php
\\Magento\\Framework\\Component\\ComponentRegistrar::register(
    \\Magento\\Framework\\Component\\ComponentRegistrar::MODULE, 'Aparte_Orders', __DIR__
);` },
  { name: "app/code/Aparte/Orders/etc/module.xml", code: `<?xml version="1.0"?>
<config xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
        xsi:noNamespaceSchemaLocation="urn:magento:framework:Module/etc/module.xsd">
    <module name="Aparte_Orders"/>
</config>` },
  { name: "app/code/Aparte/Orders/etc/events.xml", code: `<?xml version="1.0"?>
<config xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
        xsi:noNamespaceSchemaLocation="urn:magento:framework:Event/etc/events.xsd">
    <event name="checkout_submit_all_after">
        <observer name="aparte_orders" instance="Aparte\\Orders\\Observer\\Send"/>
    </event>
</config>` },
  { name: "app/code/Aparte/Orders/Observer/Send.php", code: `<?php
namespace Aparte\\Orders\\Observer;

use Magento\\Framework\\Event\\Observer;
use Magento\\Framework\\Event\\ObserverInterface;
use Magento\\Framework\\HTTP\\Client\\Curl;
use Magento\\Framework\\Stdlib\\CookieManagerInterface;

class Send implements ObserverInterface
{
    public function __construct(private Curl $curl, private CookieManagerInterface $cookies) {}

    public function execute(Observer $observer)
    {
        $order = $observer->getEvent()->getOrder();
        if (!$order) return;
        $products = [];
        foreach ($order->getAllVisibleItems() as $item) {
            $products[] = [
                'product_id' => (string) $item->getProductId(),
                'name' => $item->getName(),
                'quantity' => (int) $item->getQtyOrdered(),
                'price' => (float) $item->getPriceInclTax(),
            ];
        }
        $visitor = (string) $this->cookies->getCookie('aparte_visitor');
        $known = preg_match('/^[0-9a-f]{32}$/', $visitor);
        $this->curl->setCredentials(getenv('APARTE_SECRET'), '');
        $this->curl->setTimeout(5);
        $this->curl->addHeader('Content-Type', 'application/json');
        $this->curl->post('${host}/v1/track', json_encode([
            'messageId' => 'magento-order-' . $order->getIncrementId(),
            $known ? 'anonymousId' : 'userId' => $known ? $visitor : 'order-' . $order->getIncrementId(),
            'event' => 'Order Completed',
            'timestamp' => gmdate('c'),
            'properties' => [
                'order_id' => $order->getIncrementId(),
                'total' => (float) $order->getGrandTotal(),
                'currency' => $order->getOrderCurrencyCode(),
                'products' => $products,
            ],
        ]));
    }
}` },
];

const gtm = ({ host, publicKey }: Place): Recipe["files"] => [
  {
    name: "GTM 1",
    code: `<script>
  (function () {
    var tag = document.createElement("script");
    tag.async = true;
    tag.src = "${host}/aparte.js";
    tag.setAttribute("data-key", "${publicKey}");
    document.head.appendChild(tag);
  })();
</script>`,
  },
  {
    name: "GTM 2",
    code: `<script>
  (function () {
    var order = {{DLV ecommerce}};
    window.aparte = window.aparte || [];
    window.aparte.push(["track", "Order Completed", {
      order_id: String(order.transaction_id),
      total: Number(order.value),
      currency: order.currency,
      products: (order.items || []).map(function (item) {
        return { product_id: String(item.item_id), name: item.item_name, quantity: Number(item.quantity || 1), price: Number(item.price) };
      })
    }]);
  })();
</script>`,
  },
];

const server = ({ host }: Place): Recipe["files"] => [
  { name: "curl", code: `curl -u "$APARTE_SECRET:" ${host}/v1/track \\
  -H 'Content-Type: application/json' \\
  -d '{
    "messageId": "order-1001",
    "anonymousId": "'"$VISITOR_ID"'",
    "event": "Order Completed",
    "properties": {
      "order_id": "1001", "total": 104.70, "currency": "EUR",
      "products": [{"product_id": "oxford-m", "name": "Oxford, M", "price": 39.90, "quantity": 1}]
    }
  }'` },
  { name: "Python", code: `import base64, json, os, urllib.request

def order_completed(visitor_id: str, order: dict) -> None:
    key = base64.b64encode(f"{os.environ['APARTE_SECRET']}:".encode()).decode()
    message = {
        "messageId": f"order-{order['order_id']}",
        "anonymousId": visitor_id,
        "event": "Order Completed",
        "properties": order,
    }
    request = urllib.request.Request(
        "${host}/v1/track",
        data=json.dumps(message).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Basic {key}"},
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        answer.read()` },
  { name: "Node", code: `export async function orderCompleted(visitorId, order) {
  const answer = await fetch("${host}/v1/track", {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Authorization: "Basic " + Buffer.from(process.env.APARTE_SECRET + ":").toString("base64"),
    },
    body: JSON.stringify({
      messageId: "order-" + order.order_id,
      anonymousId: visitorId,
      event: "Order Completed",
      properties: order,
    }),
    signal: AbortSignal.timeout(5000),
  });
  if (!answer.ok) throw new Error("Aparté: " + answer.status);
}` },
  { name: "PHP", code: `<?php
function order_completed(string $visitor_id, array $order): bool
{
    $call = curl_init('${host}/v1/track');
    curl_setopt_array($call, [
        CURLOPT_POST => true,
        CURLOPT_USERPWD => getenv('APARTE_SECRET') . ':',
        CURLOPT_HTTPHEADER => ['Content-Type: application/json'],
        CURLOPT_POSTFIELDS => json_encode([
            'messageId' => 'order-' . $order['order_id'],
            'anonymousId' => $visitor_id,
            'event' => 'Order Completed',
            'properties' => $order,
        ]),
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 5,
    ]);
    curl_exec($call);
    return curl_getinfo($call, CURLINFO_RESPONSE_CODE) === 200;
}` },
];

const FILES: Record<RecipeId, (place: Place) => Recipe["files"]> = { woocommerce, prestashop, shopify, magento, gtm, server };

/** The pieces of one recipe, with this server's address and this site's public key in them. */
export const recipe = (id: RecipeId, place: Place): Recipe => ({ id, files: FILES[id](place) });
