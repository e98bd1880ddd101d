"""What the shop says, in French and English, and how it writes money."""

from __future__ import annotations

from aparte.simulation.shop.model import Language, Text

SPACE = "\N{NO-BREAK SPACE}"

PATHS: dict[str, Text] = {
    "cart": Text("panier", "cart"),
    "checkout": Text("commande", "checkout"),
    "search": Text("recherche", "search"),
    "help": Text("aide", "help"),
    "thanks": Text("merci", "thank-you"),
    "account": Text("compte", "account"),
    "product": Text("article", "item"),
    "category": Text("rayon", "shop"),
}
"""The parts of an address, in the shop's language."""

WORDS: dict[str, Text] = {
    "demo": Text("Boutique de démonstration", "Demo shop"),
    "visitors": Text("Visiteurs simulés", "Simulated visitors"),
    "console": Text("Ouvrir la console", "Open the console"),
    "skip": Text("Aller au contenu", "Skip to content"),
    "menu": Text("Rayons", "Departments"),
    "search": Text("Rechercher", "Search"),
    "account": Text("Mon compte", "My account"),
    "cart": Text("Panier", "Cart"),
    "your_cart": Text("Votre panier", "Your cart"),
    "hero": Text(
        "Le lin, du\N{NO-BREAK SPACE}champ à\N{NO-BREAK SPACE}l’épaule",
        "Linen, from\N{NO-BREAK SPACE}field to\N{NO-BREAK SPACE}shoulder",
    ),
    "hero_text": Text(
        "Chemises, pulls et accessoires tissés et tricotés en petites séries. Échange gratuit pendant 30 jours.",
        "Shirts, knitwear and accessories, woven and knitted in small batches. Free exchange for 30 days.",
    ),
    "hero_button": Text("Voir les chemises", "See the shirts"),
    "hero_picture": Text("Quatre vêtements suspendus à une tringle", "Four garments on a rail"),
    "season": Text("La saison en huit pièces", "The season in eight pieces"),
    "all": Text("Tout", "All"),
    "size": Text("Taille", "Size"),
    "one_size": Text("Taille unique", "One size"),
    "add": Text("Ajouter au panier", "Add to cart"),
    "added": Text("Ajouté au panier.", "Added to your cart."),
    "see_cart": Text("Voir le panier", "View cart"),
    "care": Text("Matière et entretien", "Material and care"),
    "delivery": Text("Livraison et retours", "Delivery and returns"),
    "guide": Text("Guide des tailles", "Size guide"),
    "also": Text("À porter avec", "Wear it with"),
    "remove": Text("Retirer", "Remove"),
    "less": Text("Un de moins", "One less"),
    "more": Text("Un de plus", "One more"),
    "quantity": Text("Quantité", "Quantity"),
    "subtotal": Text("Sous-total", "Subtotal"),
    "discount": Text("Réduction LIN10", "Discount LIN10"),
    "home_delivery": Text("Livraison à domicile", "Home delivery"),
    "pickup": Text("Point relais", "Pick-up point"),
    "total": Text("Total", "Total"),
    "order": Text("Passer commande", "Check out"),
    "empty": Text("Votre panier est vide.", "Your cart is empty."),
    "empty_next": Text("Il attend une chemise.", "It is waiting for a shirt."),
    "coupon": Text("Code avantage", "Promo code"),
    "apply": Text("Appliquer", "Apply"),
    "coupon_denied": Text("Ce code n’est pas valable.", "This code is not valid."),
    "coupon_applied": Text("Le code est appliqué.", "The code has been applied."),
    "free": Text("offerte", "free"),
    "results_none": Text("Rien ne répond à cette recherche.", "Nothing matches this search."),
    "results_hint": Text(
        "Essayez une matière ou une couleur : lin, marine, sapin.", "Try a material or a colour: linen, navy, pine."
    ),
    "checkout": Text("Votre commande", "Checkout"),
    "address": Text("Adresse", "Address"),
    "name": Text("Nom", "Name"),
    "email": Text("Adresse électronique", "Email"),
    "street": Text("Rue et numéro", "Street and number"),
    "postcode": Text("Code postal", "Postcode"),
    "city": Text("Ville", "City"),
    "mode": Text("Livraison", "Delivery"),
    "home_time": Text("chez vous en 2 à 3 jours", "at your door in 2 to 3 days"),
    "pickup_time": Text("en 3 à 4 jours", "in 3 to 4 days"),
    "payment": Text("Paiement", "Payment"),
    "card": Text("Numéro de carte", "Card number"),
    "expiry": Text("Expiration", "Expiry"),
    "code": Text("Cryptogramme", "Security code"),
    "card_hint": Text(
        "Démonstration : 4242 4242 4242 4242 passe, 4000 0000 0000 0002 est refusée.",
        "Demo: 4242 4242 4242 4242 goes through, 4000 0000 0000 0002 is declined.",
    ),
    "pay": Text("Payer", "Pay"),
    "declined": Text(
        "Le paiement a été refusé par la banque. Rien n’a été débité : vérifiez la carte, ou essayez-en une autre.",
        "The bank declined the payment. Nothing was charged: check the card, or try another.",
    ),
    "incomplete": Text("Il manque quelque chose : ", "Something is missing: "),
    "thanks": Text("Merci, c’est commandé.", "Thank you, it is ordered."),
    "thanks_text": Text(
        "La commande {id} part demain matin. Un message suit à l’adresse indiquée.",
        "Order {id} leaves tomorrow morning. A message follows to the address you gave.",
    ),
    "continue": Text("Continuer mes achats", "Continue shopping"),
    "not_found": Text("Cette page n’existe pas.", "There is no such page."),
    "home": Text("Retour à l’accueil", "Back to the home page"),
    "help": Text("Livraison, retours, tailles", "Delivery, returns, sizes"),
    "account_text": Text(
        "Dites qui vous êtes, et la boutique vous reconnaîtra. Dans cette démonstration, tout nom convient.",
        "Say who you are, and the shop will know you again. In this demo any name will do.",
    ),
    "sign_in": Text("Se connecter", "Sign in"),
    "sign_out": Text("Se déconnecter", "Sign out"),
    "hello": Text("Bonjour {name}", "Hello {name}"),
    "foot": Text(
        "Maison Lin n’existe pas : c’est la boutique de démonstration d’Aparté. Rien n’est vendu ni livré.",
        "Maison Lin does not exist: it is the demo shop of Aparté. Nothing is sold or delivered.",
    ),
    "other_language": Text("English", "Français"),
    "chest": Text("Tour de poitrine (cm)", "Chest (cm)"),
    "sleeve": Text("Manche (cm)", "Sleeve (cm)"),
}

DELIVERY = Text(
    "À domicile en 2 à 3 jours, 4,90 €, offerte dès 120 €. En point relais, 2,90 €. "
    "Échange et retour gratuits pendant 30 jours, étiquette dans le colis.",
    "At your door in 2 to 3 days, €4.90, free from €120. Pick-up point, €2.90. "
    "Free exchange and return for 30 days, label in the parcel.",
)

FAQ: tuple[tuple[str, Text, tuple[tuple[Text, Text], ...]], ...] = (
    (
        "livraison",
        Text("Livraison", "Delivery"),
        (
            (Text("Quand arrive ma commande ?", "When will my order arrive?"), DELIVERY),
            (
                Text("Livrez-vous hors de France ?", "Do you deliver outside France?"),
                Text(
                    "Oui, dans l’Union européenne, en Suisse et au Royaume-Uni, en 4 à 6 jours pour 9,90 €.",
                    "Yes, in the European Union, Switzerland and the United Kingdom, in 4 to 6 days for €9.90.",
                ),
            ),
        ),
    ),
    (
        "retours",
        Text("Retours", "Returns"),
        (
            (
                Text("Comment renvoyer un article ?", "How do I send something back?"),
                Text(
                    "Collez l’étiquette du colis, déposez-le dans un point relais. Le remboursement suit en 5 jours.",
                    "Stick on the label from the parcel and drop it at a pick-up point. The refund follows in 5 days.",
                ),
            ),
            (
                Text("Puis-je échanger une taille ?", "Can I exchange a size?"),
                Text(
                    "Oui, sans frais pendant 30 jours. La nouvelle taille part dès que le point relais a votre colis.",
                    "Yes, free for 30 days. The new size leaves as soon as the pick-up point has your parcel.",
                ),
            ),
        ),
    ),
    (
        "tailles",
        Text("Tailles", "Sizes"),
        (
            (
                Text("Je suis entre deux tailles.", "I am between two sizes."),
                Text(
                    "La plus grande en coupe ajustée, la plus petite en coupe ample. Le lin se détend d’un centimètre.",
                    "Take the larger in a slim fit, the smaller in a relaxed one. Linen gives about a centimetre.",
                ),
            ),
        ),
    ),
)

SIZES: tuple[tuple[str, str, str], ...] = (
    ("XS", "84–90", "61"),
    ("S", "90–96", "62"),
    ("M", "96–102", "63"),
    ("L", "102–108", "64"),
    ("XL", "108–116", "65"),
)


def money(cents: int, language: Language) -> str:
    """An amount as it is written: 39,90 € and €39.90."""
    sign, amount = ("\N{MINUS SIGN}" if cents < 0 else ""), f"{abs(cents) / 100:,.2f}"
    if language == "en":
        return f"{sign}€{amount}"
    return f"{sign}{amount.replace(',', SPACE).replace('.', ',')}{SPACE}€"


def free_delivery(missing: int, language: Language) -> str:
    """How far it is to free delivery."""
    if language == "en":
        tail = f"delivery is free from €120, {money(missing, 'en')} to go." if missing else "delivery is free."
        return f"Free exchange for 30 days; {tail}"
    tail = (
        f"Livraison offerte dès 120{SPACE}€, il vous manque {money(missing, 'fr')}."
        if missing
        else "Livraison offerte."
    )
    return f"Échange gratuit pendant 30 jours. {tail}"
