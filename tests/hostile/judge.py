# ruff: noqa: E501 (a script of the browser)
"""What a real Chromium did with a screen: whether anything ran, was asked for, or could be followed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page

WATCH = """
(() => {
  const tell = (what) => window.hostileSeen(String(what).slice(0, 300));
  for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = (...said) => { tell(`ran ${name} ${said}`); };
  document.addEventListener("securitypolicyviolation", (e) => tell(`policy ${e.violatedDirective} ${e.blockedURI} ${e.sample} ${e.sourceFile}`));
})();
"""
LOOK = """
() => {
  const found = [], texts = [];
  const BAD = /^(script|iframe|frame|object|embed|base|portal|fencedframe|applet|foreignobject|animate|set|use|math|marquee)$/i;
  const LINKS = ["href", "src", "action", "formaction", "xlink:href", "data", "poster", "srcset", "background", "ping", "srcdoc"];
  const walk = (root) => {
    for (const one of root.querySelectorAll("*")) {
      const name = one.localName;
      if (BAD.test(name) && !one.hasAttribute("data-hostile-own") && !(name === "script" && OWN.test(one.src))) found.push(`element ${one.outerHTML.slice(0, 200)}`);
      if (name === "meta" && one.httpEquiv && one.httpEquiv !== "Content-Security-Policy") found.push(`element ${one.outerHTML}`);
      for (const { name: key, value } of one.attributes) {
        if (/^on/i.test(key)) found.push(`handler ${name} ${key}=${value.slice(0, 100)}`);
        if (key === "style" && /url\\(|expression|canary/i.test(value)) found.push(`style ${value.slice(0, 200)}`);
        if (LINKS.includes(key.toLowerCase())) {
          let to = value;
          try { to = new URL(value, document.baseURI).protocol; } catch { continue; }
          const fine = to === "data:" && (key === "src" && name === "img" || one.rel === "icon") ? /^data:(image\\/(png|jpeg|webp|svg)|,$)/.test(value) : /^(https?|mailto|tel):$/.test(to);
          if (!fine) found.push(`link ${name} ${key}=${value.slice(0, 200)}`);
        }
        texts.push(value);
      }
      if (one.value !== undefined) texts.push(String(one.value));
      if (one.shadowRoot) walk(one.shadowRoot);
    }
    texts.push((root.documentElement || root).textContent || "");
  };
  walk(document);
  texts.push(document.title);
  return { found, marks: [...new Set(texts.join(" ").match(/zz-[\\w.]+-zz/g) || [])] };
}
"""


class Judge:
    """Watches one browser context; `found` is what should not have been."""

    def __init__(self, context: BrowserContext, *own: str) -> None:
        self.context, self.own = context, own
        self.found: list[str] = []
        self.where = ""
        context.expose_function("hostileSeen", lambda what: self.saw(str(what)))
        context.add_init_script(WATCH)
        context.on("request", lambda request: self.asked(request.url, request.resource_type))
        context.on("page", self.follow)

    def follow(self, page: Page) -> None:
        """A page of this browser: ours, or one that a payload has opened."""
        page.on("dialog", lambda dialog: (self.saw(f"ran dialog {dialog.message}"), dialog.dismiss()))
        page.on("console", lambda line: "Content Security" in line.text and self.saw(f"policy {line.text}"))
        page.on("pageerror", lambda error: self.saw(f"broken {error}"))
        page.on("framenavigated", lambda frame: self.went(frame.url))

    def saw(self, what: str) -> None:
        self.found.append(f"{self.where}: {what}")

    def asked(self, url: str, kind: str) -> None:
        """A request; only our own hosts are asked, but for the pictures of product cards, which a shop keeps anywhere."""
        if kind == "image" and self.where == "widget card" and url.startswith("https://"):
            return
        if urlsplit(url).scheme not in ("data", "blob") and not url.startswith(self.own):
            self.saw(f"request {url[:200]}")

    def went(self, url: str) -> None:
        if url != "about:blank" and not url.startswith(self.own):
            self.saw(f"navigation {url[:200]}")

    def marks_on(self, page: Page) -> set[str]:
        """The fields whose marks are on it now."""
        return {one[3:-3] for one in self._read(page)["marks"]}

    def look(self, page: Page, where: str) -> None:
        """Judge what stands on the page now."""
        self.where = where
        for one in self._read(page)["found"]:
            self.saw(one)

    def _read(self, page: Page) -> dict[str, Any]:
        own = "|".join(one.replace(".", "\\.").replace("/", "\\/") for one in self.own)
        found: dict[str, Any] = page.evaluate(LOOK.replace("OWN", f"/^({own})/"))
        return found
