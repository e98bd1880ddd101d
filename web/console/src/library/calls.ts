// The library over HTTP.
import { call } from "../api";
import type { Article, Kept, Reply, Row, Script, Sort } from "./wire";

const id = encodeURIComponent;
const of = (conv: string): string => (conv ? `?conv=${id(conv)}` : "");

export const calls = {
  canned: (conv = "") => call<Reply[]>("GET", `canned${of(conv)}`),
  scripts: (conv = "") => call<Script[]>("GET", `scripts${of(conv)}`),
  articles: (q = "") => call<Row[]>("GET", `articles${q ? `?q=${id(q)}` : ""}`),
  propose: (conv: string) => call<Row[]>("GET", `articles/propose${of(conv)}`),
  article: (one: string) => call<Article>("GET", `articles/${id(one)}`),
  saveReply: (one: Kept<Reply>) => call<Reply>("PUT", "canned", one),
  saveScript: (one: Kept<Script>) => call<Script>("PUT", "scripts", one),
  saveArticle: (one: Kept<Article>) => call<Article>("PUT", "articles", one),
  drop: (sort: Sort, one: string) => call<unknown>("DELETE", `library/${sort}/${id(one)}`),
};
