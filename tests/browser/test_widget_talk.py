"""What the widget shows: forms before a talk, faces, cards, pages, bots, mails; and what it refuses to be."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, expect
from shop_page import Open, answered, until
from widget_scene import LOG, Shop, server, talking, write

__all__ = ["server"]


def test_a_form_before_the_conversation_is_asked_for_once_accepted_and_may_be_left_out(
    server: Shop, shop: Open
) -> None:
    server.invite(ask=["name", "email", "question"])
    page = shop()
    page.get_by_role("button", name="Discuter maintenant").click()
    dialog = page.get_by_role("dialog", name="Avant de commencer")
    expect(page.get_by_role("textbox", name="Votre nom")).to_be_focused()
    assert server.conversation  # accepted with the click: the form holds nothing up
    dialog.get_by_role("button", name="Commencer").click()
    expect(page.get_by_role("textbox", name="Votre nom")).to_be_focused()
    page.get_by_role("textbox", name="Votre nom").fill("Léa")
    page.get_by_role("textbox", name="Adresse e-mail").fill("lea")
    page.get_by_role("textbox", name="Votre question").fill("Le M taille petit ?")
    dialog.get_by_role("button", name="Commencer").click()
    expect(page.get_by_role("alert")).to_have_text("Vérifiez cette adresse")
    page.reload()  # the form is still to be filled; its words were kept nowhere
    page.get_by_role("textbox", name="Votre nom").fill("Léa")
    page.get_by_role("textbox", name="Adresse e-mail").fill("lea@exemple.fr")
    page.get_by_role("textbox", name="Votre question").fill("Le M taille petit ?")
    page.get_by_role("button", name="Commencer").click()
    expect(page.locator(f"{LOG} .mine")).to_contain_text("Le M taille petit ?")
    assert server.forms == [{"name": "Léa", "email": "lea@exemple.fr", "question": "Le M taille petit ?"}]


def test_the_form_can_be_skipped(server: Shop, shop: Open) -> None:
    server.invite(ask=["phone"])
    page = shop()
    page.get_by_role("button", name="Discuter maintenant").click()
    page.get_by_role("button", name="Passer").click()
    expect(page.get_by_role("textbox", name="Votre message")).to_be_focused()
    assert server.forms == []


def test_an_invitation_is_not_accepted_before_the_conversation_can_be_shown(server: Shop, shop: Open) -> None:
    server.invite()
    page = shop(before="<script>window.fetched = 0</script>")
    page.route("**/aparte-widget-chat.js?*", lambda route: route.abort())
    page.reload()
    page.get_by_role("button", name="Discuter maintenant").click()
    expect(page.locator("aparte-widget .bad")).to_contain_text("Connexion impossible")
    assert not server.calls("/v1/offers/g1/accept")
    page.unroute("**/aparte-widget-chat.js?*")
    page.get_by_role("button", name="Discuter maintenant").click()
    expect(page.get_by_role("textbox", name="Votre message")).to_be_focused()


def test_the_agent_has_a_face_and_without_a_picture_his_initial(server: Shop, shop: Open) -> None:
    page = talking(server, shop)
    face = page.locator("aparte-widget .face")
    expect(face).to_have_text("C")
    expect(face.locator("img")).to_have_count(0)
    server.stands(agent={"name": "Camille", "picture": "/v1/picture/0123"})
    expect(face.locator("img")).to_have_attribute("src", f"http://localhost:{server.port}/v1/picture/0123")
    expect(face.locator("img")).to_be_visible()


def test_a_coupon_shows_its_code_its_end_and_a_button_that_copies_it(server: Shop, shop: Open) -> None:
    page = talking(server, shop)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    server.shows("coupon", code="7KQF-9ZT2-M4XB-0RWD", label="Dix pour <b>cent</b>", value={"percent": 10},
                 until=1_795_000_000_000)  # fmt: skip
    card = page.locator(f"{LOG} .card-of")
    expect(card).to_contain_text("Dix pour <b>cent</b> 10")
    expect(card).to_contain_text("Pour vous seul, une fois, jusqu’au 18 novembre 2026")
    expect(card.locator("code")).to_have_text("7KQF-9ZT2-M4XB-0RWD")
    card.get_by_role("button", name="Copier").press("Enter")
    expect(card.get_by_role("button", name="Copié")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "7KQF-9ZT2-M4XB-0RWD"
    server.say("not json", kind="coupon")
    server.shows("coupon", code="Y", label={"a": 1}, value=7, until=1e300)
    expect(card.last.locator("code")).to_have_text("Y")


def test_cards_and_pages_are_links_and_nothing_else(server: Shop, shop: Open) -> None:
    page = talking(server, shop)
    server.shows(
        "card",
        products=[
            {
                "id": "1",
                "name": "Chemise <b>lin</b>",
                "price": 59.9,
                "currency": "EUR",
                "url": "/lin",
                "in_stock": False,
            },
            {"id": "2", "name": "Piège", "price": "x", "currency": "?", "url": "javascript:hit=1", "image": "data:x"},
        ],
    )
    server.shows("page", url="https://shop.example/guide", title="Guide des tailles")
    server.shows("page", url="javascript:hit=1", title="Non")
    server.say("not json", kind="card")
    server.say("fin")
    expect(page.locator(f"{LOG} .bubble").last).to_contain_text("fin")
    cards = page.locator(f"{LOG} .card-of")
    expect(cards.first).to_contain_text("Chemise <b>lin</b>")
    expect(cards.first).to_contain_text("59,90")
    expect(cards.first).to_contain_text("épuisé")
    links = page.locator(f"{LOG} a")
    assert [one.get_attribute("href") for one in links.all()] == [
        f"http://127.0.0.1:{server.port}/lin",
        "https://shop.example/guide",
    ]
    assert {one.get_attribute("rel") for one in links.all()} == {"noopener nofollow ugc"}
    assert page.evaluate("window.hit") is None
    assert page.url.endswith("/cart")


def test_an_address_says_where_it_really_leads(server: Shop, shop: Open) -> None:
    page = talking(server, shop)
    server.say("https://pаypal.com/a https://paypal.com@evil.example/b https://[x https://ok.example/c ftp://x.example")
    links = page.locator(f"{LOG} a")
    expect(links).to_have_count(3)
    texts = links.all_text_contents()
    assert texts[0].endswith(" (xn--pypal-4ve.com)")
    assert texts[1].endswith(" (evil.example)")
    assert texts[2] == "https://ok.example/c"


def test_a_bot_is_always_named_and_a_person_can_be_asked_for(server: Shop, shop: Open) -> None:
    server.bot = True
    page = talking(server, shop)
    server.stands()
    notice = page.locator("aparte-widget .bot")
    expect(notice).to_contain_text("C’est un robot qui vous répond.")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Conversation").click()
    expect(notice).to_be_visible()
    notice.get_by_role("button", name="Parler à une personne").click()
    expect(notice).to_have_count(0)
    assert server.calls("/v1/conv/c1/person")
    expect(page.locator("aparte-widget header")).to_contain_text("N° 1 dans la file")


def test_the_conversation_goes_by_mail_with_the_same_answer_for_any_address(server: Shop, shop: Open) -> None:
    page = talking(server, shop)
    page.get_by_role("button", name="Recevoir la conversation par e-mail").click()
    field = page.get_by_role("textbox", name="Adresse e-mail")
    expect(field).to_be_focused()
    field.fill("lea")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Vérifiez cette adresse")
    expect(field).to_be_focused()
    field.fill("lea@exemple.fr")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("status").last).to_contain_text("Si cette adresse existe, un e-mail y arrive.")
    assert server.mails == ["lea@exemple.fr"]
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("textbox", name="Votre message")).to_be_focused()


def test_whoever_is_blocked_is_told_kindly_and_nothing_is_tried_again(server: Shop, shop: Open) -> None:
    page = talking(server, shop)
    server.deaf = True
    write(page, "encore moi")
    frame = until(page, server.sent)[0]
    server.refuses(frame, "blocked")
    expect(page.get_by_role("status").first).to_contain_text("La messagerie n’est pas disponible pour vous.")
    expect(page.get_by_role("textbox", name="Votre message")).to_have_count(0)
    expect(page.get_by_role("button", name="Réessayer")).to_have_count(0)
    expect(page.get_by_role("button", name="Copier")).to_be_visible()


def test_whoever_is_blocked_opens_nothing(server: Shop, shop: Open) -> None:
    server.blocked = True
    page = shop()
    answered(page)
    page.get_by_role("button", name="Une question ?").click()
    write(page, "Bonjour")
    expect(page.get_by_role("status").first).to_contain_text("La messagerie n’est pas disponible pour vous.")
    page.wait_for_timeout(300)
    assert len(server.calls("/v1/conversations")) == 1


def test_two_tabs_share_what_is_open_unread_and_over(server: Shop, shop: Open, context: BrowserContext) -> None:
    first = talking(server, shop)
    second = shop("/shirts")
    expect(second.get_by_role("dialog")).to_be_visible()
    second.keyboard.press("Escape")
    second.get_by_role("textbox", name="Votre message").click()
    second.keyboard.press("Escape")
    for page in (first, second):
        expect(page.get_by_role("dialog")).to_have_count(0)
    server.say("Toujours là ?")
    server.shows("page", url="https://shop.example/guide", title="Guide")
    for page in (first, second):
        expect(page.get_by_role("button", name="Nouveau message (2)")).to_be_visible()
    before = server.sockets_opened
    first.reload()
    until(first, lambda: server.sockets_opened > before and len(server.sockets) == 2)
    server.tell({"t": "wm", "who": "visitor", "dlv": 3, "read": 1})
    expect(first.get_by_role("button", name="Nouveau message (2)")).to_be_visible()
    second.get_by_role("button", name="Nouveau message (2)").click()
    expect(first.get_by_role("dialog")).to_be_visible()
    second.get_by_role("textbox", name="Votre message").click()
    second.keyboard.press("Escape")
    for page in (first, second):
        expect(page.get_by_role("button", name="Conversation", exact=True)).to_be_visible()
    second.get_by_role("button", name="Conversation").click()
    server.say("", by="agent", kind="close")
    for page in (first, second):
        expect(page.get_by_role("button", name="Passer")).to_be_visible()
    first.get_by_role("button", name="Passer").click()
    expect(second.get_by_role("dialog")).to_have_count(0)
    assert first.evaluate("localStorage['aparte-chat']") is None
