"""How a session began: marketing channel, search engine, affiliate, device."""

from __future__ import annotations

from functools import lru_cache

from aparte.sessions.model import NO_LANDING, Landing
from aparte.sessions.urls import query_parameter, referrer_domain
from aparte.tracking.model import CampaignContext, Context, PageContext

SEARCH_ENGINES = {
    "google": "q",
    "bing": "q",
    "yahoo": "p",
    "duckduckgo": "q",
    "qwant": "q",
    "ecosia": "q",
    "baidu": "wd",
    "yandex": "text",
    "startpage": "query",
    "brave": "q",
    "lilo": "q",
}
SOCIAL = frozenset({"facebook", "instagram", "twitter", "linkedin", "pinterest", "tiktok", "youtube", "reddit"})
SOCIAL_HOSTS = frozenset({"t.co", "x.com", "lnkd.in", "youtu.be"})
PAID_MEDIA = ("cpc", "ppc", "paid", "paidsearch", "paid_search", "display", "cpm", "retargeting")
BROWSERS = (
    ("Edg", "edge"),
    ("OPR", "opera"),
    ("SamsungBrowser", "samsung"),
    ("Firefox", "firefox"),
    ("FxiOS", "firefox"),
    ("Chrome", "chrome"),
    ("CriOS", "chrome"),
    ("Safari", "safari"),
)
NO_PAGE = PageContext()
NO_CAMPAIGN = CampaignContext()


def landing(context: Context | None) -> Landing:
    """Read the first event's surroundings; what is not said stays absent."""
    if context is None:
        return NO_LANDING
    page, campaign = context.page or NO_PAGE, context.campaign or NO_CAMPAIGN
    return landed(
        (page.url, page.path, page.referrer),
        (campaign.source, campaign.medium, campaign.name, campaign.term, campaign.content),
        context.device and context.device.type,
        context.user_agent,
        context.locale,
        context.location and context.location.country,
    )


@lru_cache(maxsize=4096)
def landed(
    page: tuple[str | None, str | None, str | None],
    campaign: tuple[str | None, str | None, str | None, str | None, str | None],
    device_type: str | None,
    user_agent: str | None,
    locale: str | None,
    country: str | None,
) -> Landing:
    """Many sessions begin alike: they share one landing, which costs neither time nor memory again."""
    url, path, referrer = page
    source, medium, name, term, content = campaign
    domain = referrer_domain(referrer, url)
    engine = search_engine(domain)
    return Landing(
        url=url,
        path=path,
        referrer=referrer,
        referrer_domain=domain,
        channel=channel(source, medium, domain, engine),
        search_engine=engine,
        keyword=term or searched_keyword(referrer, engine),
        source=source,
        medium=medium,
        campaign=name,
        content=content,
        affiliate=source if (medium or "").lower() == "affiliate" else None,
        device=device_type or device(user_agent),
        browser=browser(user_agent),
        language=locale,
        country=country,
    )


@lru_cache(maxsize=4096)
def search_engine(domain: str | None) -> str | None:
    """Name of the search engine that a referrer's host belongs to."""
    labels = domain.split(".") if domain else ()
    return next((name for name in labels if name in SEARCH_ENGINES), None)


def searched_keyword(referrer: str | None, engine: str | None) -> str | None:
    """What was typed in the search engine, where it still says so."""
    return query_parameter(referrer, SEARCH_ENGINES[engine]) if engine else None


def channel(source: str | None, medium: str | None, domain: str | None, engine: str | None) -> str:
    """Marketing channel: paid, affiliate, email, organic, social, referral, campaign or direct."""
    kind = (medium or "").lower()
    if kind in PAID_MEDIA:
        return "paid"
    if kind in {"affiliate", "email", "organic", "social", "referral"}:
        return kind
    if engine:
        return "organic"
    if domain:
        return "social" if is_social(domain) else "referral"
    return "campaign" if source else "direct"


def is_social(domain: str) -> bool:
    """Whether a referrer's host is a social network: by one of its labels, or by all of it where names are short."""
    return domain in SOCIAL_HOSTS or not SOCIAL.isdisjoint(domain.split("."))


@lru_cache(maxsize=4096)
def device(user_agent: str | None) -> str | None:
    """`mobile`, `tablet` or `desktop`, from a user agent."""
    if not user_agent:
        return None
    if "iPad" in user_agent or "Tablet" in user_agent or ("Android" in user_agent and "Mobile" not in user_agent):
        return "tablet"
    return "mobile" if "Mobi" in user_agent else "desktop"


@lru_cache(maxsize=4096)
def browser(user_agent: str | None) -> str | None:
    """Family of the browser, from a user agent; `other` when it is none of the usual ones."""
    if not user_agent:
        return None
    return next((name for mark, name in BROWSERS if mark in user_agent), "other")
