"""What the claims say and why they fare as they do; figures are put where braces name them."""

from __future__ import annotations

from aparte.planning.claim_rules import Verdict

Text = dict[str, str]


def both(en: str, fr: str) -> Text:
    """A text in both languages."""
    return {"en": en, "fr": fr}


VERDICTS: dict[Verdict, Text] = {
    "follows": both("follows", "se vérifie"),
    "only_under": both("only under a condition", "sous condition"),
    "contradicts": both("contradicts", "contredit"),
}
PLAIN: dict[Verdict, Text] = {
    "follows": both("It follows from these figures.", "Cela découle de ces chiffres."),
    "only_under": both("It holds for a part of these figures only.", "Cela ne vaut que pour une partie des chiffres."),
    "contradicts": both("These figures contradict it.", "Ces chiffres le contredisent."),
}
SAYS: dict[str, Text] = {
    "H1": both("{engaged_share} of the visitors talk and make {assisted_share} of the sales, buying {claimed_times} as "
               "often as others.",
               "{engaged_share} des visiteurs dialoguent et font {assisted_share} des ventes, en achetant "
               "{claimed_times} plus souvent que les autres."),
    "H2": both("{assisted_orders} orders a month come by chat, {assisted_share} of all, {additional_share} of them "
               "additional: online sales {claimed_times}.",
               "{assisted_orders} commandes par mois viennent du chat, {assisted_share} du total, dont "
               "{additional_share} additionnelles : ventes en ligne {claimed_times}."),
    "H3": both("Those who talk ({engaged_share}) buy {times_low} to {times_high} as often, with a basket "
               "{basket_ratio}: sales rise by {claimed_low} to {claimed_high}.",
               "Ceux qui dialoguent ({engaged_share}) achètent {times_low} à {times_high} plus souvent, panier "
               "{basket_ratio} : les ventes montent de {claimed_low} à {claimed_high}."),
    "H4": both("{points} more on a base of {base_low} to {base_high} raises revenue by {claimed_low} to "
               "{claimed_high}.",
               "{points} de plus sur un taux de {base_low} à {base_high} augmente le chiffre d’affaires de "
               "{claimed_low} à {claimed_high}."),
    "H5": both("Chat raises the basket by {rise_low} to {rise_high}.",
               "Le chat augmente le panier de {rise_low} à {rise_high}."),
    "H6": both("A conversion by chat costs {claimed_cost_ratio} of one by phone.",
               "Une conversion par chat coûte {claimed_cost_ratio} de celle par téléphone."),
    "H7": both("An agent holds {first_low} to {first_high} chats at once; {second_low} to {second_high}, says the "
               "other paper.",
               "Un conseiller tient {first_low} à {first_high} chats à la fois ; {second_low} à {second_high}, dit "
               "l’autre livre blanc."),
    "H8": both("{agents_after} chat agents do the work of {agents_before} mail agents.",
               "{agents_after} conseillers de chat font le travail de {agents_before} conseillers de courriel."),
    "H9": both("A chat takes the place of {mails_per_chat} mails.",
               "Un chat remplace {mails_per_chat} courriels."),
    "H10": both("{online_share} of the callers were online in the last hour; engaging {engaged_of_these} of them "
                "avoids {calls_avoided} calls a year and {saved_of_cost} of their cost.",
                "{online_share} des appelants étaient en ligne dans l’heure ; en engager {engaged_of_these} évite "
                "{calls_avoided} appels par an et {saved_of_cost} de leur coût."),
    "H11": both("{calls_per_month} calls a month are redirected: {claimed_per_year} a year.",
                "{calls_per_month} appels par mois sont redirigés : {claimed_per_year} par an."),
    "H12": both("{contracts} contracts at {sales_per_hour} an agent-hour; chat converts {claimed_times} "
                "what self-service does ({base_rate}), and more than {claimed_conversion}.",
                "{contracts} contrats à {sales_per_hour} par heure de conseiller ; le chat convertit {claimed_times} "
                "ce que fait le libre-service ({base_rate}), et plus de {claimed_conversion}."),
    "H13": both("Chats convert at {conversion_low} to {conversion_high}, which is {times_low} to {times_high} the "
                "site’s {base_low} to {base_high}.",
                "Les chats convertissent à {conversion_low} à {conversion_high}, soit {times_low} à {times_high} les "
                "{base_low} à {base_high} du site."),
    "H14": both("Conversion rises by {lift_segments} in targeted segments, all sales by {lift_total}.",
                "La conversion monte de {lift_segments} dans les segments visés, les ventes totales de {lift_total}."),
    "H15": both("A voucher of {discount} raises conversion by {conversion_rise}: worth giving.",
                "Un bon de {discount} augmente la conversion de {conversion_rise} : à donner."),
    "H16": both("The best players accept at up to {acceptance}, {claimed_times} the mean of the sector.",
                "Les meilleurs joueurs acceptent jusqu’à {acceptance}, {claimed_times} la moyenne du secteur."),
    "H17": both("Live chat makes {assisted_share} of online sales.",
                "Le chat fait {assisted_share} des ventes en ligne."),
    "H18": both("The NPS rises from {nps_before} to {nps_after} in about a week.",
                "Le NPS passe de {nps_before} à {nps_after} en une semaine environ."),
    "H19": both("After chat the conversion of {base_rate} is to be {claimed_times}.",
                "Après chat, la conversion de {base_rate} doit être {claimed_times}."),
    "H20": both("{shops} shops after a growth of {growth}; of {spent_on_traffic} spent on traffic, "
                "{spent_on_conversion} is spent on conversion: {claimed_share}.",
                "{shops} sites après une hausse de {growth} ; pour {spent_on_traffic} dépensés en trafic, "
                "{spent_on_conversion} l’est en conversion : {claimed_share}."),
    "H21": both("A chat at a bad moment converts {untargeted}, the site {base_low} to {base_high}; those who talk buy "
                "at least {times_low} as often.",
                "Un chat mal choisi convertit {untargeted}, le site {base_low} à {base_high} ; ceux qui dialoguent "
                "achètent au moins {times_low} plus souvent."),
    "H22": both("{share_long} of the callers were online in the last {hours_long}; {share_short} in the last "
                "{hours_short}.",
                "{share_long} des appelants étaient en ligne dans les {hours_long} ; {share_short} en {hours_short}."),
}  # fmt: skip
WHY: dict[tuple[str, Verdict], Text] = {
    ("H1", "contradicts"): both(
        "These shares imply {sales_ratio} the sales of another visitor; at {claimed_times} the engaged would make "
        "{share_at_claimed} of the sales, {share_at_claimed_with_basket} with the larger basket.",
        "Ces parts impliquent {sales_ratio} les ventes d’un autre visiteur ; à {claimed_times}, les engagés feraient "
        "{share_at_claimed} des ventes, {share_at_claimed_with_basket} avec le panier."),
    ("H2", "only_under"): both(
        "Only as against what the same buyers would have bought ({causal_multiplier}); all sales are {sales_times}, a "
        "rise of {lift}.",
        "Seulement face à ce que les mêmes auraient acheté ({causal_multiplier}) ; les ventes totales font "
        "{sales_times}, une hausse de {lift}."),
    ("H2", "contradicts"): both(
        "All sales are {sales_times}, and {causal_multiplier} against the same buyers without chat.",
        "Les ventes totales font {sales_times}, et {causal_multiplier} face aux mêmes sans chat."),
    ("H3", "contradicts"): both(
        "Were all of it caused by the chat, sales would rise by {lift_most} at most; {engaged_least} to {engaged_most} "
        "of the visitors would have to talk.",
        "Même entièrement causé par le chat, le gain serait d’au plus {lift_most} ; il faudrait que {engaged_least} à "
        "{engaged_most} des visiteurs dialoguent."),
    ("H3", "only_under"): both(
        "Only if all of it is caused by the chat: {lift_most} at most.",
        "Seulement si tout est causé par le chat : {lift_most} au plus."),
    ("H4", "only_under"): both(
        "Only for a base from {base_from} to {base_to}, at a constant basket.",
        "Seulement pour un taux de {base_from} à {base_to}, à panier constant."),
    ("H4", "contradicts"): both(
        "That holds for a base from {base_from} to {base_to}.", "Cela vaut pour un taux de {base_from} à {base_to}."),
    ("H5", "only_under"): both(
        "Arithmetic ({basket} to {basket_low}–{basket_high}), an effect only if those who talk would have had the same "
        "basket: compare with visitors held out by chance.",
        "Arithmétique ({basket} à {basket_low}–{basket_high}), un effet seulement si ceux qui dialoguent avaient le "
        "même panier : comparer à des témoins tirés au sort."),
    ("H6", "only_under"): both(
        "Only with a gain of {gain_needed} by holding several: customers would have to take "
        "{customer_by_agent_needed} the agent’s time; with these times a chat costs {cost_ratio_at_most} a call.",
        "Seulement avec un gain de {gain_needed} : le client devrait prendre {customer_by_agent_needed} le temps du "
        "conseiller ; avec ces durées un chat coûte {cost_ratio_at_most} un appel."),
    ("H6", "contradicts"): both(
        "It takes a gain of {gain_needed}, more than {concurrency} at once can give.",
        "Il faut un gain de {gain_needed}, plus que {concurrency} à la fois ne peuvent donner."),
    ("H7", "only_under"): both(
        "It depends on the time to a reply: within {reply_target_s}, {most_at_once} at once; 5 take "
        "{reply_s_5}.",
        "Cela dépend du temps de réponse : en {reply_target_s}, {most_at_once} à la fois ; 5 demandent "
        "{reply_s_5}."),
    ("H7", "follows"): both(
        "Within {reply_target_s} an agent holds {most_at_once} at once.",
        "En {reply_target_s}, un conseiller en tient {most_at_once} à la fois."),
    ("H8", "follows"): both(
        "Each does {productivity}; with {mails_per_chat} mails avoided by each chat, {chats_per_mail} chats for a mail "
        "suffice.",
        "Chacun fait {productivity} ; un chat évitant {mails_per_chat} courriels, {chats_per_mail} chat par courriel "
        "suffit."),
    ("H8", "only_under"): both(
        "Only if an agent finishes {chats_per_mail} chats in the time of a mail.",
        "Seulement si un conseiller termine {chats_per_mail} chats dans le temps d’un courriel."),
    ("H9", "follows"): both(
        "A chat saves {saving_per_chat}; it breaks even where a mail costs {break_even} a chat.",
        "Un chat économise {saving_per_chat} ; l’équilibre est à un courriel de {break_even} un chat."),
    ("H9", "contradicts"): both(
        "At these costs a chat saves {saving_per_chat}.", "À ces coûts, un chat économise {saving_per_chat}."),
    ("H10", "only_under"): both(
        "Only if everybody engaged would have called, and no call comes after. With {true_deflection} of them, all "
        "chats paid, {saving_paid} are saved, not {saving_claimed}.",
        "Seulement si tous auraient appelé et qu’aucun appel ne suit. Avec {true_deflection}, tous les chats payés, on "
        "économise {saving_paid}, non {saving_claimed}."),
    ("H10", "contradicts"): both(
        "With {true_deflection} of the calls truly avoided and all chats paid, {saving_paid} is what is left.",
        "Avec {true_deflection} d’appels vraiment évités et tous les chats payés, il reste {saving_paid}."),
    ("H11", "contradicts"): both("A year of it is {calls_per_year}.", "Sur un an, cela fait {calls_per_year}."),
    ("H12", "contradicts"): both(
        "Its own ratio makes {own_conversion}, not {claimed_conversion}; and at that conversion an agent "
        "has {chats_per_hour} chats an hour, of {minutes_per_chat} each with {concurrency} at once.",
        "Son propre rapport donne {own_conversion}, non {claimed_conversion} ; et à cette conversion un conseiller "
        "a {chats_per_hour} chats par heure, de {minutes_per_chat} chacun à {concurrency} à la fois."),
    ("H13", "contradicts"): both(
        "It is {ratio_low} to {ratio_high}: the conversion of those who chose to talk, not an effect.",
        "C’est {ratio_low} à {ratio_high} : la conversion de ceux qui ont choisi de dialoguer, pas un effet."),
    ("H14", "only_under"): both(
        "Only if the segments make {segment_share} of the sales, at a constant basket.",
        "Seulement si les segments font {segment_share} des ventes, à panier constant."),
    ("H14", "contradicts"): both(
        "The segments would have to make {segment_share} of the sales.",
        "Les segments devraient faire {segment_share} des ventes."),
    ("H15", "contradicts"): both(
        "Used by {discount_use} of the buyers, revenue is {revenue_times} and gross profit {profit_times}; at most "
        "{use_break_even} of the buyers may use it.",
        "Utilisé par {discount_use} des acheteurs, le chiffre d’affaires fait {revenue_times} et le profit "
        "{profit_times} ; {use_break_even} des acheteurs au plus peuvent l’utiliser."),
    ("H15", "follows"): both(
        "Gross profit is {profit_times} while no more than {use_break_even} of the buyers use it.",
        "Le profit brut fait {profit_times} tant qu’au plus {use_break_even} des acheteurs l’utilisent."),
    ("H16", "follows"): both(
        "A mean of {acceptance_mean}: a first guess of an acceptance.",
        "Une moyenne de {acceptance_mean} : une première idée d’une acceptation."),
    ("H17", "follows"): both(
        "{engaged_least} to {engaged_most} of the visitors have to talk, which can be.",
        "Il faut que {engaged_least} à {engaged_most} des visiteurs dialoguent, ce qui se peut."),
    ("H17", "only_under"): both(
        "Only if {engaged_least} of the visitors talk, with the larger ratio and basket.",
        "Seulement si {engaged_least} des visiteurs dialoguent, avec le plus fort rapport et le panier."),
    ("H17", "contradicts"): both(
        "{engaged_least} of the visitors would have to talk.",
        "Il faudrait que {engaged_least} des visiteurs dialoguent."),
    ("H18", "only_under"): both(
        "Only with {answers_needed} answers of each wave; fewer cannot tell such a rise from chance.",
        "Seulement avec {answers_needed} réponses par vague ; moins ne distinguent pas une telle hausse du hasard."),
    ("H19", "follows"): both("A target of {target_rate}.", "Un objectif de {target_rate}."),
    ("H19", "contradicts"): both(
        "{target_rate} of the visitors cannot buy.", "{target_rate} des visiteurs ne peuvent acheter."),
    ("H20", "follows"): both(
        "{shops_before} a year before; {conversion_share} of what is spent.",
        "{shops_before} un an avant ; {conversion_share} de la dépense."),
    ("H20", "contradicts"): both("It is {conversion_share}.", "C’est {conversion_share}."),
    ("H21", "only_under"): both(
        "Only with targeting: without it {ratio_low} to {ratio_high} of the site, which adds nothing.",
        "Seulement avec ciblage : sans lui {ratio_low} à {ratio_high} le site, ce qui n’ajoute rien."),
    ("H22", "follows"): both(
        "The windows differ: both can be true.", "Les fenêtres diffèrent : les deux peuvent être vrais."),
    ("H22", "contradicts"): both(
        "A longer window cannot hold fewer.", "Une fenêtre plus longue ne peut en contenir moins."),
}  # fmt: skip
