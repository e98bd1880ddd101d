// What the agents' work asks of the server; the shapes are those of docs/reference/wire.md.
import { call } from "../api";
import type { Conv, Request } from "../wire";

export interface Label { fr: string; en: string }
export interface Code { id: string; label: Label; outcome: "sold" | "lead" | "helped" | "not_bought" | "other"; reasons: boolean; active: boolean }
export interface Codes { wrap_up: "off" | "optional" | "required"; codes: Code[]; reasons: { id: string; label: Label }[] }
export interface Product { id: string; name: string; price: number | null; currency: string; url: string | null; image: string | null; in_stock: boolean | null }
/** What an agent may give: a percentage, or an amount in minor units; how many codes at most, and how many are out. */
export interface Coupon { id: string; label: Label; percent: number; amount: number; currency: string; valid_days: number; budget: number; min_cart: number; active: boolean; minted: number; redeemed: number; given: number }
export interface Wrapped { code?: string; reason?: string; note?: string }
export interface Blocked { visitor: string; label: string; reason: string; by: { id: string; name: string } | null; at: number; until: number | null }

const id = encodeURIComponent;

export const calls = {
  codes: () => call<Codes>("GET", "wrap-up-codes"),
  close: (conv: string, assign_ver: number, wrapped: Wrapped) => call<Conv>("POST", `conversations/${id(conv)}/close`, { assign_ver, ...wrapped }),
  wrapUp: (conv: string, wrapped: Wrapped) => call<Conv>("POST", `conversations/${id(conv)}/wrap-up`, wrapped),
  tags: () => call<{ tags: string[]; free: boolean }>("GET", "tags"),
  tag: (conv: string, tags: readonly string[]) => call<Conv>("PUT", `conversations/${id(conv)}/tags`, { tags }),
  join: (conv: string) => call<Conv>("POST", `conversations/${id(conv)}/join`),
  leave: (conv: string) => call<Conv>("POST", `conversations/${id(conv)}/leave`),
  takeOver: (conv: string) => call<Conv>("POST", `conversations/${id(conv)}/take-over`),
  assist: (conv: string, on: boolean, note: string) => call<Conv>("POST", `conversations/${id(conv)}/assistance`, { on, note }),
  products: (q: string) => call<{ products: Product[] }>("GET", `products?q=${id(q)}&limit=12`),
  related: (product: string) => call<{ substitutes: Product[]; complements: Product[] }>("GET", `products/${id(product)}/related`),
  card: (conv: Conv, cid: string, products: readonly string[]) => call<unknown>("POST", `conversations/${id(conv.id)}/cards`, { assign_ver: conv.assign_ver, cid, products }),
  page: (conv: Conv, cid: string, url: string, title: string) => call<unknown>("POST", `conversations/${id(conv.id)}/page`, { assign_ver: conv.assign_ver, cid, url, title }),
  coupons: () => call<Coupon[]>("GET", "coupons"),
  coupon: (conv: Conv, cid: string, coupon: string) => call<unknown>("POST", `conversations/${id(conv.id)}/coupon`, { assign_ver: conv.assign_ver, cid, coupon }),
  callback: (conv: Conv, cid: string, wish: { phone: string; at: string; note: string; name: string }) => call<Request>("POST", `conversations/${id(conv.id)}/callback`, { assign_ver: conv.assign_ver, cid, ...wish }),
  invite: (visitor: string, text: string, skill: string | null) => call<{ engagement: string }>("POST", `visitors/${id(visitor)}/invitation`, { text, skill }),
  revoke: (visitor: string) => call<unknown>("DELETE", `visitors/${id(visitor)}/invitation`),
  block: (visitor: string, reason: string, hours: number | null) => call<Blocked>("PUT", `visitors/${id(visitor)}/block`, { reason, hours }),
  unblock: (visitor: string) => call<unknown>("DELETE", `visitors/${id(visitor)}/block`),
};
