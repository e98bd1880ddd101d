// What a shop adds to its pages for Aparté: it tells the tag what happens, as Segment's e-commerce events.
// The rest is the shop's own business: the cart without a reload, and the demo's slider.
"use strict";

window.aparte = window.aparte || [];
const tell = (...call) => window.aparte.push(call);
const one = (selector, within = document) => within.querySelector(selector);
const said = (element, name) => JSON.parse(element.dataset[name]);

// The page itself. An order is told once, however often its page is reloaded.
for (const call of said(document.body, "events")) {
  const order = call[1] === "Order Completed" && "maisonlin-told-" + call[2].order_id;
  if (order && sessionStorage.getItem(order)) continue;
  if (order) sessionStorage.setItem(order, "1");
  tell(...call);
}

// A link that ends like this, in a search result or a mail, opens the conversation.
if (location.hash === "#conversation") tell("open");

/** Send a form as a browser would, and read the answer; null when the shop cannot be reached. */
async function post(form, button) {
  const body = new URLSearchParams(new FormData(form));
  if (button && button.name) body.set(button.name, button.value);
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "application/json" } });
    return await answer.json();
  } catch {
    return null;
  }
}

const put = (id, text) => {
  const element = document.getElementById(id);
  if (element) element.textContent = text;
};

// An article.
const add = one("#add");
if (add) {
  add.addEventListener("submit", async (event) => {
    event.preventDefault();
    const size = new FormData(add).get("size");
    const figures = await post(add);
    if (!figures) return add.submit();
    tell("track", "Product Added", { ...said(add, "product"), quantity: 1, variant: size });
    put("count", figures.count);
    const status = one("#added");
    const link = document.createElement("a");
    link.href = status.dataset.href;
    link.textContent = status.dataset.link;
    status.replaceChildren(status.dataset.text + " ", link);
  });
}

const guide = one("#guide");
if (guide) {
  let told = false;
  guide.addEventListener("toggle", () => {
    if (guide.open && !told) tell("track", "Size Guide Viewed", said(add, "product"));
    told = told || guide.open;
  });
}

// The cart.
function figured(figures) {
  for (const name of ["subtotal", "discount", "shipping", "total", "note"]) put(name, figures[name]);
  put("count", figures.count);
  one("#discount-row").hidden = !figures.discount;
  const kept = new Map(figures.lines.map((line) => [line.key, line]));
  for (const row of document.querySelectorAll(".lines li")) {
    const line = kept.get(row.dataset.key);
    if (!line) {
      row.remove();
      continue;
    }
    one("output", row).textContent = line.quantity;
    one(".price", row).textContent = line.total;
  }
  const empty = figures.lines.length === 0;
  one(".nothing").hidden = !empty;
  one(".sum").hidden = one("#note").hidden = empty;
  return empty;
}

for (const form of document.querySelectorAll(".lines form")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const row = form.closest("li");
    const before = Number(one("output", row).textContent);
    const figures = await post(form, event.submitter);
    if (!figures) return form.submit();
    const line = figures.lines.find((other) => other.key === row.dataset.key);
    const change = (line ? line.quantity : 0) - before;
    if (change) {
      tell("track", change > 0 ? "Product Added" : "Product Removed", { ...said(row, "product"), quantity: Math.abs(change) });
    }
    if (figured(figures)) one(".nothing a").focus();
    else if (!line) one("#main").focus();
  });
}

const coupon = one("#coupon");
if (coupon) {
  coupon.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await post(coupon);
    if (!answer) return coupon.submit();
    tell("track", "Coupon Entered", {});
    tell("track", answer.good ? "Coupon Applied" : "Coupon Denied", answer.good ? {} : { reason: "unknown" });
    one("[role=status]", coupon).textContent = answer.good ? coupon.dataset.good : coupon.dataset.bad;
    figured(answer);
  });
}

// The checkout. The order carries the tag's id of the visitor, so that the shop's server can tell whose order it is.
const checkout = one("#checkout");
if (checkout) {
  let visitor = "";
  tell("visitorId", (id) => (visitor = id || ""));
  for (const mode of checkout.querySelectorAll("[name=delivery]")) {
    mode.addEventListener("change", () => put("due", mode.dataset.total));
  }
  checkout.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = one(".button", checkout);
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    checkout.elements.visitor.value = visitor;
    tell("track", "Payment Info Entered", { payment_method: "card", shipping_method: new FormData(checkout).get("delivery") });
    const answer = await post(checkout);
    button.removeAttribute("aria-disabled");
    if (!answer) return checkout.submit();
    if (answer.go) return location.assign(answer.go);
    one(".refusal").textContent = answer.says;
    if (answer.error === "card_declined") tell("track", "Payment Error", { reason: answer.error, payment_method: "card" });
    const field = checkout.elements[answer.fields[0] || "card"];
    if (field) field.focus();
  });
}

// The demo's slider: how many simulated visitors walk about.
const slider = one("#visitors");
const shown = (visitors) => {
  slider.value = visitors;
  slider.style.setProperty("--at", `${Math.min(100, (100 * visitors) / slider.max)}%`);
  put("visitors-now", visitors);
};
fetch("/demo/simulation", { headers: { accept: "application/json" } })
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
  .then((simulation) => {
    slider.disabled = false;
    shown(simulation.visitors);
  })
  .catch(() => put("visitors-now", "–"));
slider.addEventListener("input", () => shown(slider.value));
slider.addEventListener("change", () => {
  const body = JSON.stringify({ visitors: Number(slider.value) });
  fetch("/demo/simulation", { method: "PUT", body, headers: { "content-type": "application/json" } })
    .then((answer) => answer.json())
    .then((simulation) => shown(simulation.visitors))
    .catch(() => put("visitors-now", "–"));
});
