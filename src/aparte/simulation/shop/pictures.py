"""The pictures of the products: line and fabric, drawn as SVG from a product's look. No file, no photograph."""

from __future__ import annotations

from functools import lru_cache

from aparte.simulation.shop.model import Look, Product

WIDTH, HEIGHT = 400, 500

BODY = (
    "M150 86C128 96 108 102 94 112L108 206C114 262 112 340 111 432Q200 446 289 432C288 340 286 262 292 206"
    "L306 112C292 102 272 96 250 86Q200 122 150 86Z"
)
LEFT_LONG = "M96 110C66 122 52 160 46 208L32 372Q60 386 92 378L112 226C116 180 112 140 96 110Z"
LEFT_SHORT = "M96 110C66 120 48 150 38 186L26 236Q52 262 84 268L112 214C116 176 112 140 96 110Z"
LEFT_CUFF = "M34 352L32 372Q60 386 92 378L95 360Q64 368 34 352Z"
SWEATER_CUFF = "M36 334L28 378Q54 392 84 394L92 350Q62 350 36 334Z"
HEM = "M111 396L111 432Q200 446 289 432L289 396Q200 408 111 396Z"


def mixed(colour: str, other: str, share: float) -> str:
    """A colour moved towards another by a share from 0 to 1; all as `#RRGGBB`."""
    parts = [(int(colour[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(one + (two - one) * share):02X}" for one, two in parts)


def dark(colour: str, share: float = 0.35) -> str:
    """The colour towards a warm black."""
    return mixed(colour, "#1E1712", share)


def light(colour: str, share: float = 0.35) -> str:
    """The colour towards white."""
    return mixed(colour, "#FFFFFF", share)


class Cloth:
    """One weave in one colour: what fills a shape, and the colours of its lines."""

    def __init__(self, look: Look) -> None:
        self.look = look
        self.line = dark(look.colour, 0.38)
        self.fold = dark(look.colour, 0.2)
        self.inside = dark(look.colour, 0.45) if look.weave != "stripes" else "#7C8DA6"

    def pattern(self, name: str) -> str:
        """The weave as a pattern of this id."""
        colour, pale, deep = self.look.colour, light(self.look.colour, 0.4), dark(self.look.colour, 0.16)
        width, height, drawn = weave(self.look.weave, pale, deep, colour)
        return (
            f'<pattern id="{name}" width="{width}" height="{height}" patternUnits="userSpaceOnUse">'
            f'<rect width="{width}" height="{height}" fill="{colour}"/>{drawn}</pattern>'
        )

    def shape(self, path: str, name: str, extra: str = "") -> str:
        """A piece of cloth with its seam."""
        return f'<path d="{path}" fill="url(#{name})" stroke="{self.line}" stroke-width="1.6" {extra}/>'

    def seam(self, path: str, width: float = 1.4, opacity: float = 1) -> str:
        """A line on the cloth."""
        return (
            f'<path d="{path}" fill="none" stroke="{self.line}" stroke-width="{width}" stroke-linecap="round" '
            f'stroke-linejoin="round" opacity="{opacity}"/>'
        )

    def shade(self, path: str, opacity: float = 0.28) -> str:
        """A fold: a darker place without a line."""
        return f'<path d="{path}" fill="{self.fold}" opacity="{opacity}"/>'


def weave(name: str, pale: str, deep: str, colour: str) -> tuple[int, int, str]:
    """Width, height and drawing of one repeat of a weave."""

    def lines(path: str, stroke: str, width: float = 1) -> str:
        return f'<path d="{path}" fill="none" stroke="{stroke}" stroke-width="{width}"/>'

    match name:
        case "oxford":
            return (
                5,
                5,
                f'<circle cx="1.2" cy="1.2" r=".9" fill="{pale}"/><circle cx="3.7" cy="3.7" r=".9" fill="{deep}"/>',
            )
        case "linen":
            return 5, 5, lines("M0 1H5", deep, 0.6) + lines("M1.5 0V5M4 0V5", pale, 0.6)
        case "stripes":
            return 14, 14, lines("M4 0V14", "#43597C", 1.7) + lines("M11 0V14", "#8C9BB2", 0.9)
        case "twill":
            return 6, 6, lines("M-1 7L7 -1M-1 1L1 -1M5 7L7 5", deep, 1.1)
        case "cable":
            return (
                26,
                16,
                (
                    lines("M3 0C11 5 11 11 3 16M11 0C3 5 3 11 11 16", deep, 1.3)
                    + lines("M18 0L21 4L18 8L21 12L18 16M24 0L21 4L24 8L21 12L24 16", pale, 1)
                ),
            )
        case "rib":
            return 7, 8, lines("M1.5 0V8", deep, 1.6) + lines("M4.6 0V8", pale, 1)
        case "moss":
            return (
                8,
                8,
                "".join(
                    f'<ellipse cx="{x}" cy="{y}" rx="1.7" ry="1.1" fill="{tone}"/>'
                    for x, y, tone in ((2, 2, pale), (6, 6, pale), (6, 2, deep), (2, 6, deep))
                ),
            )
        case "bands":
            band = light(colour, 0.78) if colour < "#6" else deep
            return 8, 36, f'<rect y="24" width="8" height="7" fill="{band}"/>' + lines("M0 2L4 5L8 2", deep, 0.7)
        case "braid":
            return 14, 12, lines("M0 0L7 6L14 0M0 12L7 6L14 12", deep, 2) + lines("M0 4L5 8M9 8L14 4", pale, 0.8)
        case "plain":
            return 8, 8, ""
        case _:
            return 8, 6, lines("M0 1L4 4L8 1", deep, 1) + lines("M0 4L4 7L8 4", pale, 0.5)


def mirrored(drawn: str) -> str:
    """The same on the other side of the middle."""
    return f'<g transform="translate({WIDTH} 0) scale(-1 1)">{drawn}</g>'


def both(drawn: str) -> str:
    """The same on both sides."""
    return drawn + mirrored(drawn)


def shirt(cloth: Cloth, name: str) -> str:
    """A shirt: long or short sleeves, a collar or a band."""
    detail = cloth.look.detail
    sleeve = cloth.shape(LEFT_SHORT if "short" in detail else LEFT_LONG, name)
    if "short" in detail:
        sleeve += cloth.seam("M30 224Q54 248 86 255", 1.1, 0.8)
    else:
        sleeve += cloth.shape(LEFT_CUFF, name) + cloth.shade(
            "M72 200C70 250 66 300 62 346L70 348C76 300 82 240 80 200Z"
        )
    folds = cloth.shade("M111 260C118 320 118 390 122 434L111 432Z", 0.45)
    folds += cloth.shade("M152 300C146 350 148 400 146 436L152 437C156 390 154 340 158 290Z")
    folds += (
        '<g transform="translate(400 0) scale(-1 1)">'
        + cloth.shade("M111 230C120 320 120 390 124 434L111 432Z", 0.45)
        + "</g>"
    )
    drawn = f'<path d="M146 84Q200 70 254 84L250 104Q200 128 150 104Z" fill="{cloth.inside}"/>'
    drawn += both(sleeve) + cloth.shape(BODY, name) + folds
    drawn += cloth.seam("M190 116V438M212 116V438", 1.1, 0.75) + cloth.seam("M111 422Q200 436 289 422", 1, 0.6)
    drawn += buttons(cloth, range(150, 430, 56))
    drawn += cloth.shape("M230 168H270V204Q250 222 230 204Z", name) + cloth.seam("M230 176H270", 1, 0.7)
    return drawn + (band_collar(cloth, name) if "band" in detail else collar(cloth, name))


def buttons(cloth: Cloth, heights: range) -> str:
    """Buttons along the middle."""
    fill = dark(cloth.look.colour, 0.5) if "dark-buttons" in cloth.look.detail else light(cloth.look.colour, 0.75)
    return "".join(f'<circle cx="201" cy="{y}" r="4.4" fill="{fill}" stroke="{cloth.line}"/>' for y in heights)


def collar(cloth: Cloth, name: str) -> str:
    """A collar that turns down."""
    return both(cloth.shape("M152 78L138 88L172 134L200 104Q172 100 152 78Z", name)) + cloth.seam(
        "M154 82Q200 112 246 82"
    )


def band_collar(cloth: Cloth, name: str) -> str:
    """A band without points."""
    return cloth.shape(
        "M150 74Q146 84 148 96Q172 118 200 120Q228 118 252 96Q254 84 250 74Q240 98 200 102Q160 98 150 74Z", name
    )


def sweater(cloth: Cloth, name: str) -> str:
    """A jumper or a cardigan: crew neck, V, roll-neck."""
    rib = f"{name}-rib"
    sleeve = cloth.shape(LEFT_LONG, name) + cloth.shape(SWEATER_CUFF, rib)
    body, inside = BODY, "M148 82Q200 62 252 82L254 112Q200 176 146 112Z"
    if cloth.look.detail in {"v", "cardigan"}:
        inside = "M148 82Q200 62 252 82L204 194H196Z"
        body = BODY.replace("Q200 122 150 86Z", "L200 186L150 86Z")
    drawn = f'<path d="{inside}" fill="{cloth.inside}"/>'
    drawn += (
        both(sleeve) + cloth.shape(body, name) + both(cloth.shade("M111 230C122 300 120 350 124 400L111 398Z", 0.45))
    )
    return drawn + cloth.shape(HEM, rib) + neck(cloth, rib)


def neck(cloth: Cloth, rib: str) -> str:
    """How a jumper ends at the neck."""
    match cloth.look.detail:
        case "v":
            return both(cloth.shape("M150 84L140 90L198 202L200 202V184Z", rib))
        case "cardigan":
            edges = both(cloth.shape("M150 84L138 90L188 198V440Q194 441 200 441V184Z", rib))
            return edges + cloth.seam("M200 186V441", 1.4) + buttons(cloth, range(226, 430, 48))
        case "roll":
            return cloth.shape("M148 52Q200 38 252 52L258 100Q200 132 142 100Z", rib) + cloth.seam(
                "M146 60Q200 78 254 60", 1, 0.8
            )
        case _:
            return cloth.shape(
                "M148 76Q138 84 142 94Q168 128 200 130Q232 128 258 94Q262 84 252 76Q240 108 200 110Q160 108 148 76Z",
                rib,
            )


def scarf(cloth: Cloth, name: str) -> str:
    """A scarf, once round."""
    fringe = "".join(
        f'<path d="M{x} {y}l{-1 if x < 210 else 1} 26" stroke="{cloth.look.colour}" stroke-width="3.2"/>'
        for x, y in [(134 + 11 * n, 388 + n * 0.6) for n in range(6)]
        + [(230 + 10 * n, 352 - n * 0.8) for n in range(6)]
    )
    drawn = fringe + cloth.shape("M196 150L258 140L286 348L226 354Z", f"{name}-turned")
    drawn += cloth.shade("M196 150L224 146L240 352L226 354Z", 0.4)
    drawn += cloth.shape("M150 160L208 176L192 394L130 388Z", name)
    drawn += cloth.shape("M112 116C108 72 292 72 288 116C292 186 244 196 200 192C154 192 106 178 112 116Z", name)
    drawn += (
        f'<path d="M138 112C140 84 260 84 262 112C258 136 142 136 138 112Z" fill="{dark(cloth.look.colour, 0.52)}"/>'
    )
    return (
        drawn
        + cloth.seam("M114 140C150 176 240 176 284 142", 1.3, 0.8)
        + cloth.seam("M124 164C160 188 220 186 250 178", 1.1, 0.6)
    )


def beanie(cloth: Cloth, name: str) -> str:
    """A beanie with its cuff."""
    drawn = cloth.shape("M96 306C84 176 128 106 200 104C272 106 316 176 304 306Q200 324 96 306Z", name)
    drawn += cloth.seam("M200 106C168 150 152 220 152 310M200 106C232 150 248 220 248 310", 1.5, 0.75)
    drawn += cloth.shade("M262 140C292 180 300 240 296 306L274 310C282 240 276 186 262 140Z")
    drawn += cloth.shape("M84 292Q200 326 316 292L318 352Q200 390 82 352Z", f"{name}-rib")
    return (
        drawn + f'<rect x="252" y="322" width="32" height="22" rx="2" fill="#F4EEDF" stroke="{cloth.line}" '
        'transform="rotate(-6 268 333)"/>'
    )


def belt(cloth: Cloth, name: str) -> str:
    """A belt, rolled, with a buckle of brass."""
    drawn = f'<ellipse cx="200" cy="220" rx="128" ry="92" fill="none" stroke="{cloth.line}" stroke-width="41"/>'
    drawn += f'<ellipse cx="200" cy="220" rx="128" ry="92" fill="none" stroke="url(#{name})" stroke-width="38"/>'
    drawn += f'<ellipse cx="196" cy="228" rx="84" ry="54" fill="none" stroke="{cloth.line}" stroke-width="31"/>'
    drawn += f'<ellipse cx="196" cy="228" rx="84" ry="54" fill="none" stroke="url(#{name})" stroke-width="28"/>'
    drawn += cloth.shape("M186 294L330 318Q352 336 328 352L182 332Z", name)
    drawn += cloth.seam("M194 302L322 324M192 324L322 344", 1, 0.6)
    return drawn + (
        '<rect x="142" y="284" width="62" height="58" rx="9" fill="none" stroke="#8C6D2C" stroke-width="9"/>'
        '<rect x="142" y="284" width="62" height="58" rx="9" fill="none" stroke="#D9B765" stroke-width="5.5"/>'
        '<path d="M146 314L214 320" stroke="#C9A24C" stroke-width="6" stroke-linecap="round"/>'
    )


def bag(cloth: Cloth, name: str) -> str:
    """A bag of canvas, with handles or with a flap."""
    leather = "#7C5233"
    if "flap" in cloth.look.detail:
        strap = f'<path d="M104 240C96 60 304 60 296 240" fill="none" stroke="{leather}" stroke-width="11"/>'
        drawn = strap + cloth.shape("M88 216H312L318 412Q200 426 82 412Z", name)
        drawn += cloth.shape("M84 208H316L312 318Q200 344 88 318Z", f"{name}-turned")
        straps = "".join(f'<rect x="{x}" y="212" width="16" height="138" rx="4" fill="{leather}"/>' for x in (132, 252))
        pins = "".join(
            f'<rect x="{x}" y="318" width="24" height="14" rx="3" fill="#D9B765" stroke="#8C6D2C"/>' for x in (128, 248)
        )
        return drawn + straps + pins
    handle = '<path d="M{0} 226C{0} 92 {1} 92 {1} 226" fill="none" stroke="{2}" stroke-width="10"/>'
    drawn = handle.format(152, 248, dark(leather, 0.35)) + cloth.shape("M92 196H308L322 414Q200 430 78 414Z", name)
    drawn += cloth.shade("M92 196H308L309 214H91Z", 0.35) + cloth.shade(
        "M268 230C282 300 276 370 282 420L320 414L309 214Z", 0.22
    )
    drawn += cloth.seam("M88 404Q200 420 312 404", 1.1, 0.7) + handle.format(146, 254, leather)
    pads = "".join(f'<path d="M{x} 214h26v30l-13 12l-13 -12Z" fill="{leather}"/>' for x in (133, 241))
    return drawn + pads


SHAPES = {"shirt": shirt, "sweater": sweater, "scarf": scarf, "beanie": beanie, "belt": belt, "bag": bag}


def drawing(look: Look, name: str) -> str:
    """Patterns and drawing of a look; `name` keeps its patterns apart from others in the same file."""
    cloth = Cloth(look)
    ribbed = Cloth(Look(look.shape, "rib", dark(look.colour, 0.08), look.ground))
    turned = Cloth(Look(look.shape, look.weave, dark(look.colour, 0.12), look.ground))
    patterns = cloth.pattern(name) + ribbed.pattern(f"{name}-rib") + turned.pattern(f"{name}-turned")
    return f"<defs>{patterns}</defs>{SHAPES[look.shape](cloth, name)}"


@lru_cache(maxsize=64)
def picture(product: Product) -> str:
    """A product on its ground, as a whole SVG file."""
    look = product.look
    shadow = f'<ellipse cx="200" cy="460" rx="140" ry="11" fill="{dark(look.ground, 0.14)}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{look.ground}"/>{shadow}{drawing(look, "w")}</svg>'
    )


HANGER = (
    '<g fill="none" stroke-linecap="round"><path d="M200 62C200 40 222 34 214 14C208 2 190 4 188 16" stroke="#2A241F" '
    'stroke-width="5"/><path d="M112 116L200 62L288 116" stroke="#7B5838" stroke-width="8"/></g>'
)


@lru_cache(maxsize=4)
def rail(products: tuple[Product, ...]) -> str:
    """Garments on a rail in a sunlit room: the picture of the home page."""
    width, height = 1040, 576
    hung = "".join(
        f'<g transform="translate({at} 38) scale(.93)">{HANGER}{drawing(product.look, f"r{number}")}</g>'
        for number, (at, product) in enumerate(zip((-6, 240, 486, 732), products, strict=False))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'preserveAspectRatio="xMidYMid slice"><rect width="{width}" height="{height}" fill="#DDD6C6"/>'
        '<path d="M420 0H520L330 520H230ZM600 0H720L530 520H400Z" fill="#E7E1D4" opacity=".7"/>'
        f'<rect y="512" width="{width}" height="64" fill="#CABDA2"/>'
        f'<rect y="512" width="{width}" height="2" fill="#B8A988"/>'
        f'<rect y="46" width="{width}" height="11" fill="#5A4735"/>{hung}</svg>'
    )
