"""What Maison Lin sells: three categories of eight products."""

from __future__ import annotations

from aparte.simulation.shop.model import Look, Product, Text

CATEGORIES: dict[str, Text] = {
    "chemises": Text("Chemises", "Shirts"),
    "pulls": Text("Pulls", "Knitwear"),
    "accessoires": Text("Accessoires", "Accessories"),
}

MATERIALS: dict[str, Text] = {
    "lin": Text(
        "Lin lavé de Normandie. Lavage à 30 °C, séchage à plat. Se repasse encore humide, ou pas du tout.",
        "Washed linen from Normandy. Wash at 30 °C, gentle spin, dry flat. Iron while still damp, or not at all.",
    ),
    "coton": Text(
        "Coton à longues fibres. Lavage à 40 °C avec des couleurs proches, repassage moyen. Pas de sèche-linge.",
        "Long-staple cotton. Wash at 40 °C with like colours, medium iron. Do not tumble dry.",
    ),
    "laine": Text(
        "Laine certifiée sans mulesing. Lavage à la main à 20 °C ou programme laine, séchage à plat. Jamais suspendu.",
        "Certified mulesing-free wool. Hand wash at 20 °C or wool programme, dry flat. Never hang.",
    ),
    "cuir": Text(
        "Cuir tanné végétal, il se patine avec le temps. Nettoyer avec un chiffon doux, nourrir une fois par an.",
        "Vegetable-tanned leather that ages well. Wipe with a soft cloth, feed once a year.",
    ),
}

ONE = ("TU",)
BELTS = ("80", "85", "90", "95", "100")


def _product(
    id_: str,
    category: str,
    names: tuple[str, str],
    cuts: tuple[str, str],
    stories: tuple[str, str],
    material: str,
    price: int,
    look: Look,
    sizes: tuple[str, ...] = ("XS", "S", "M", "L", "XL"),
) -> Product:
    return Product(id_, category, Text(*names), Text(*cuts), Text(*stories), material, price, look, sizes)


PRODUCTS: tuple[Product, ...] = (
    _product(
        "chemise-oxford-bleu-ciel",
        "chemises",
        ("Chemise Oxford, bleu ciel", "Oxford shirt, sky blue"),
        ("Coupe ajustée", "Slim fit"),
        (
            "L’Oxford de tous les jours : un coton épais qui s’assouplit, un col qui se tient sans cravate.",
            "The everyday Oxford: a sturdy cotton that softens with every wash, a collar that stands without a tie.",
        ),
        "coton",
        3990,
        Look("shirt", "oxford", "#B4C8E0", "#E8ECEF"),
    ),
    _product(
        "chemise-lin-lave-sable",
        "chemises",
        ("Chemise lin lavé, sable", "Washed linen shirt, sand"),
        ("Coupe droite", "Regular fit"),
        (
            "Un lin filé et tissé à moins de cent kilomètres du champ. Il se froisse bien, et c’est voulu.",
            "Linen spun and woven within a hundred kilometres of the field. It creases well, on purpose.",
        ),
        "lin",
        5990,
        Look("shirt", "linen", "#D9C19C", "#F2E9DB", "dark-buttons"),
    ),
    _product(
        "chemise-col-officier-blanc",
        "chemises",
        ("Chemise col officier, blanc", "Band-collar shirt, white"),
        ("Lin de Normandie", "Normandy linen"),
        (
            "Sans col à rabattre, elle se porte ouverte sur un tricot ou fermée jusqu’en haut.",
            "No collar to turn down: wear it open over a knit, or closed to the top.",
        ),
        "lin",
        5490,
        Look("shirt", "linen", "#FBF8F0", "#E6E3D8", "band"),
    ),
    _product(
        "chemisette-rayee-marine",
        "chemises",
        ("Chemisette rayée, marine", "Striped short-sleeved shirt, navy"),
        ("Manches courtes", "Short sleeves"),
        (
            "Une rayure marine tissée, pas imprimée, sur un coton léger qui laisse passer l’air.",
            "A navy stripe woven, not printed, on a light cotton that lets the air through.",
        ),
        "coton",
        4290,
        Look("shirt", "stripes", "#F4F5F6", "#E3E7EC", "short"),
    ),
    _product(
        "chemise-chambray-indigo",
        "chemises",
        ("Chemise chambray, indigo", "Chambray shirt, indigo"),
        ("Coupe droite", "Regular fit"),
        (
            "La cousine souple du jean : chaîne indigo, trame écrue, deux poches et des boutons de corozo.",
            "The soft cousin of denim: indigo warp, ecru weft and corozo buttons.",
        ),
        "coton",
        6490,
        Look("shirt", "oxford", "#5D7699", "#E4E8EE"),
    ),
    _product(
        "chemise-flanelle-sauge",
        "chemises",
        ("Chemise flanelle, sauge", "Flannel shirt, sage"),
        ("Coupe ample", "Relaxed fit"),
        (
            "Gratté d’un seul côté, le côté peau. Assez épaisse pour remplacer une veste en octobre.",
            "Brushed on one side only, the side that touches you. Heavy enough to be a jacket in October.",
        ),
        "coton",
        6990,
        Look("shirt", "twill", "#A3B29A", "#EAEEE6"),
    ),
    _product(
        "chemise-popeline-rose-the",
        "chemises",
        ("Chemise popeline, rose thé", "Poplin shirt, tea rose"),
        ("Coupe ajustée", "Slim fit"),
        (
            "Une popeline fine, un rose à peine rose. Poignets à deux boutons.",
            "A fine poplin, a pink that is hardly pink. Two-button cuffs.",
        ),
        "coton",
        4990,
        Look("shirt", "linen", "#E7C9C2", "#F5EAE7"),
    ),
    _product(
        "chemisette-lin-terracotta",
        "chemises",
        ("Chemisette lin, terre cuite", "Linen short-sleeved shirt, terracotta"),
        ("Manches courtes", "Short sleeves"),
        (
            "Teinte en pièce, donc un peu différente à chaque fois. Un ton qui va avec tout ce qui est bleu.",
            "Garment-dyed, so each one differs a little. A shade that goes with anything blue.",
        ),
        "lin",
        4690,
        Look("shirt", "linen", "#C98A66", "#F4E7DE", "short dark-buttons"),
    ),
    _product(
        "pull-merinos-sapin",
        "pulls",
        ("Pull mérinos col rond, sapin", "Merino crew-neck, pine"),
        ("Laine extra-fine", "Extra-fine wool"),
        (
            "Un mérinos de 18 microns, doux à même la peau, assez fin pour passer sous une veste.",
            "An 18-micron merino, soft on bare skin and fine enough to go under a jacket.",
        ),
        "laine",
        7900,
        Look("sweater", "knit", "#446A55", "#E5EAE3"),
    ),
    _product(
        "pull-torsade-ecru",
        "pulls",
        ("Pull torsadé col V, écru", "Cable V-neck, ecru"),
        ("Laine d’agneau", "Lambswool"),
        (
            "Des torsades tricotées d’une pièce, en laine non teinte : la couleur est celle du mouton.",
            "Cables knitted in one piece, in undyed wool: the colour is the sheep’s own.",
        ),
        "laine",
        9500,
        Look("sweater", "cable", "#E6D7BC", "#F1E7D8", "v"),
    ),
    _product(
        "pull-marin-nuit",
        "pulls",
        ("Pull marin, bleu nuit", "Sailor jumper, midnight"),
        ("Laine serrée", "Dense wool"),
        (
            "Maille serrée, boutonnage à l’épaule, manches un peu courtes : il vient du port, pas du podium.",
            "Dense stitch, sleeves cut a touch short: it comes from the harbour, not the catwalk.",
        ),
        "laine",
        8900,
        Look("sweater", "bands", "#2F3E5C", "#E2E6EC"),
    ),
    _product(
        "pull-col-roule-ardoise",
        "pulls",
        ("Pull col roulé, ardoise", "Roll-neck, slate"),
        ("Laine et cachemire", "Wool and cashmere"),
        (
            "Dix pour cent de cachemire, juste assez pour que le col ne gratte jamais.",
            "Ten per cent cashmere, just enough for a collar that never itches.",
        ),
        "laine",
        11500,
        Look("sweater", "knit", "#6E7782", "#E8EAEC", "roll"),
    ),
    _product(
        "gilet-cotele-tabac",
        "pulls",
        ("Gilet côtelé, tabac", "Ribbed cardigan, tobacco"),
        ("Boutons de corne", "Horn buttons"),
        (
            "Un gilet à côtes épaisses, deux poches qui tiennent un livre.",
            "A heavy-ribbed cardigan with horn buttons, warm enough for the garden.",
        ),
        "laine",
        10900,
        Look("sweater", "rib", "#8A6444", "#EFE6DC", "cardigan"),
    ),
    _product(
        "pull-point-de-riz-rose",
        "pulls",
        ("Pull point de riz, vieux rose", "Moss-stitch jumper, old rose"),
        ("Laine d’agneau", "Lambswool"),
        (
            "Le point de riz prend la lumière comme un mur crépi. Coupe droite, bas roulotté.",
            "Moss stitch catches the light like a rendered wall. Straight cut, rolled hem.",
        ),
        "laine",
        8500,
        Look("sweater", "moss", "#C79A96", "#F4E8E6"),
    ),
    _product(
        "pull-coton-brume",
        "pulls",
        ("Pull coton, brume", "Cotton jumper, mist"),
        ("Coton peigné", "Combed cotton"),
        (
            "Pour les soirs d’été et les bureaux climatisés. Passe en machine sans y penser.",
            "For summer evenings and air-conditioned offices. Goes in the machine without a thought.",
        ),
        "coton",
        6500,
        Look("sweater", "knit", "#C3CCD0", "#ECEFF0", "v"),
    ),
    _product(
        "gilet-lin-olive",
        "pulls",
        ("Gilet lin et coton, olive", "Linen-cotton cardigan, olive"),
        ("Maille légère", "Light knit"),
        (
            "Une maille ajourée qui se porte de mai à septembre, sur une chemise ou à sa place.",
            "An open knit for May to September, over a shirt or in its place.",
        ),
        "lin",
        7500,
        Look("sweater", "rib", "#87875C", "#EDEDE0", "cardigan"),
    ),
    _product(
        "echarpe-rayee-brique",
        "accessoires",
        ("Écharpe rayée, brique", "Striped scarf, brick"),
        ("Laine et lin", "Wool and linen"),
        (
            "Deux mètres de long : elle fait deux tours, ou un tour et un nœud.",
            "Two metres long: twice round, or once and a knot.",
        ),
        "laine",
        4500,
        Look("scarf", "bands", "#B8593A", "#F4E4DD"),
        ONE,
    ),
    _product(
        "bonnet-cotele-moutarde",
        "accessoires",
        ("Bonnet côtelé, moutarde", "Ribbed beanie, mustard"),
        ("Maille épaisse", "Chunky knit"),
        ("Un seul fil, une seule couture, un revers à la bonne hauteur.", "One yarn, one seam, and a cuff just right."),
        "laine",
        2900,
        Look("beanie", "rib", "#C79A35", "#F2EAD5"),
        ONE,
    ),
    _product(
        "ceinture-tressee-cognac",
        "accessoires",
        ("Ceinture tressée, cognac", "Braided belt, cognac"),
        ("Cuir végétal", "Vegetable leather"),
        (
            "Tressée à la main, elle se ferme où l’on veut : pas de trous, donc pas de mauvais trou.",
            "Braided by hand, it closes wherever you like: no holes, so no wrong hole.",
        ),
        "cuir",
        5500,
        Look("belt", "braid", "#9A5F35", "#F1E6DB"),
        BELTS,
    ),
    _product(
        "sac-toile-lin-naturel",
        "accessoires",
        ("Sac en toile de lin, naturel", "Linen canvas bag, natural"),
        ("Anses cuir", "Leather handles"),
        (
            "Une toile serrée qui tient debout toute seule, une poche intérieure, des anses à l’épaule.",
            "A dense canvas that stands by itself, an inner pocket, handles for the shoulder.",
        ),
        "lin",
        6900,
        Look("bag", "linen", "#D8C7A6", "#EFEBE0"),
        ONE,
    ),
    _product(
        "echarpe-chevron-sapin",
        "accessoires",
        ("Écharpe chevrons, sapin", "Herringbone scarf, pine"),
        ("Laine d’agneau", "Lambswool"),
        ("Un chevron fin, des franges roulées une à une.", "A fine herringbone, fringes rolled one by one."),
        "laine",
        5900,
        Look("scarf", "knit", "#48705C", "#E6ECE6"),
        ONE,
    ),
    _product(
        "bonnet-marin-nuit",
        "accessoires",
        ("Bonnet court, bleu nuit", "Short beanie, midnight"),
        ("Laine serrée", "Dense wool"),
        (
            "Court, au-dessus des oreilles : celui des marins, et de ceux qui ont trop chaud.",
            "Short, above the ears: the sailors’ one, and for those who run warm.",
        ),
        "laine",
        2700,
        Look("beanie", "knit", "#34435F", "#E4E8EE"),
        ONE,
    ),
    _product(
        "ceinture-cuir-noir",
        "accessoires",
        ("Ceinture cuir, noir", "Leather belt, black"),
        ("Boucle laiton", "Brass buckle"),
        (
            "Une bande de cuir pleine fleur, une boucle de laiton massif, rien d’autre.",
            "A strip of full-grain leather, a solid brass buckle, nothing else.",
        ),
        "cuir",
        4900,
        Look("belt", "plain", "#3A3634", "#EAE7E3"),
        BELTS,
    ),
    _product(
        "besace-toile-ardoise",
        "accessoires",
        ("Besace en toile, ardoise", "Canvas satchel, slate"),
        ("Toile et cuir", "Canvas and leather"),
        (
            "Un rabat, une bandoulière, la place d’un ordinateur de 14 pouces et d’un pull.",
            "A flap, a shoulder strap, room for a 14-inch laptop and a jumper.",
        ),
        "coton",
        8900,
        Look("bag", "twill", "#69737C", "#E8EBED", "flap"),
        ONE,
    ),
)  # fmt: skip

BY_ID: dict[str, Product] = {product.id: product for product in PRODUCTS}

SEASON: tuple[str, ...] = (
    "chemise-oxford-bleu-ciel",
    "chemise-lin-lave-sable",
    "pull-merinos-sapin",
    "echarpe-rayee-brique",
    "chemise-col-officier-blanc",
    "pull-torsade-ecru",
    "chemisette-rayee-marine",
    "bonnet-cotele-moutarde",
)
"""The eight of the home page."""


def of_category(category: str) -> tuple[Product, ...]:
    """The products of a category, in the order of the shop."""
    return tuple(product for product in PRODUCTS if product.category == category)
