"""French words of feeling, as they are said to a shop. Written for Aparté; in their base form, found by their stem.

Accents may be left out by whoever writes. A word that a shop says without feeling (`retard` of a parcel is felt,
`retour` of an article is not) stands here only where it is felt.
"""

VERY_GOOD = """
adorable adorer admirable bonheur chapeau comblé conquis enchanter enchanté époustouflant épatant excellent excellence
exceptionnel extraordinaire fabuleux fantastique formidable génial génialissime grandiose idéal impeccable
impressionnant incomparable incroyable irréprochable magnifique merveille merveilleux nickel parfait parfaitement
passionnant perfection phénoménal ravi ravissant régal remarquable sensationnel somptueux splendide sublime super
superbe top ultime bravo bluffant félicitations exquis prodigieux
"""

GOOD = """
abordable accessible accommodant accueil accueillant agréable agréablement aidant aider aimable aimablement aimer aisé
aisément amabilité amical améliorer amélioration apaisant apprécier appréciable approprié arrangeant arranger assidu
assurance astucieux attentif attention attentionné attirant attrayant avantage avantageux beau beauté belle bénéfique
bénéficier bienveillant bienveillance bienvenu bon bonne bonté brillant cadeau calme chaleureux chance charmant charme
chouette clair clarté clairement cohérent commode compétent compétence complet compréhensif compréhensible confiance
confortable confort consciencieux content convaincant convaincu convenable convenir convivial cool cordial correct
correctement courtois courtoisie délicat délicieux dévoué diligent disponible doux douceur durable dynamique efficace
efficacement efficacité élégant élégance empathie encourageant engageant enthousiaste épanoui équitable espérer exact
fabuleusement facile facilement facilité faciliter favorable favori fiable fiabilité fidèle fier flexible fluide franc
gagner gai garanti généreux gentil gentillesse gentiment gracieux gratifiant gratuit gratuitement harmonieux heureux
heureusement honnête honnêteté humain instantané intelligent intéressant intuitif joie joli joyeux juste limpide
logique loyal lumineux malin merci mieux mignon moderne motivé novateur optimal optimiste opérationnel patient
patience perspicace pertinent plaire plaisant plaisir poli politesse ponctuel positif pratique précieux précis
précision professionnel professionnalisme prompt promptement propre rapide rapidement rapidité rassurant
rassurer réactif réactivité réconforter recommander reconnaissant réjouir réjoui remercier remerciement résolu
résoudre respect respectueux réussi réussir réussite sage satisfaire satisfaction satisfaisant satisfait sécurisé
sérieux serein serviable serviabilité simple simplement simplicité sincère soigné soigneux solide soulager soulagé
soulagement souple souriant sourire fonctionner marcher sympa sympathique talentueux tranquille transparent utile
valable volontiers
"""

BAD = """
abîmer abîmé absence absent abus abuser agacer agacé agaçant aggraver agressif amer angoisse anomalie antipathique
anxieux arrogant attendre bâclé bizarre bloquer bloqué blocage brouillon brusque bug buguer casser cassé cher chère
choquer chute cohue colère complexe compliqué confus confusion contradictoire contrariant contrarier contrarié
contrariété contrefaçon couac coûteux craindre crainte critiquer débordé décevoir déception déçu décevant décourager
découragé déchirer défaillant défaut défectueux dégât dégradé délabré démarchage dépassé déplaire déplaisant
dérangement déranger désagréable désagrément désordre désolé détérioré détruire difficile difficilement difficulté
dommage douteux doute duper échec échouer embêter embêtant embrouiller ennui ennuyer ennuyeux énerver énervé énervant
épuisé erreur erroné essoufflé étrange excessif exagéré fade faible fâcher fâché fastidieux fatiguer fatigué fatigant
faute faux fichu flou fragile frauder frustrer frustré frustrant frustration gâcher gaspiller gêner gêné gênant grave
gronder hésiter hélas honte honteux hors hostile ignorer illisible illogique impatient impoli impossible imprécis
impuissant inaccessible inacceptable inadapté incapable incertain incohérent incomplet incompétent incompréhensible
inconfortable inconvénient incorrect indifférent indisponible inefficace inexact inexistant injoignable injuste
inquiet inquiéter inquiétude insatisfait insatisfaisant insuffisant insupportable interminable introuvable inutile
inutilisable irriter irrité lacune laid lassant lent lentement lenteur lourd mal malentendu malheureux malheureusement
malhonnête malpoli manque manquer manquant mauvais mauvaise méchant mécontent mécontentement médiocre mensonge mentir
mépriser moche moisi négatif négligé négligence nul nulle nuisible oublier oublié panne pénible perdre perdu perte
perturber peur pire plainte plaindre planter planté pourri préjudice problème problématique périmé querelle rater raté
rayer rayé réclamation réclamer refus refuser regret regretter regrettable rejeter rejet répétitif reprocher reproche
résilier retard retarder rigide risque risqué rompre rompu ruiné rupture sale salir saturé sceptique souci souffrir
soupçonner stress stressant stresser suspect tache taché tard tardif tromper trompeur triste trop tordu vain vétuste
vice vide violer zéro
"""

VERY_BAD = """
abominable affreux aberrant abject arnaque arnaquer arnaqueur calamité catastrophe catastrophique cauchemar colérique
consternant déplorable désastre désastreux désespéré détester détestable dégoûter dégoûtant écoeurer écœurant
effrayant épouvantable escroc escroquer escroquerie exaspérer exaspéré exécrable foutre foutu furieux haïr
honteusement horreur horrible horrifié immonde inadmissible incapables indigne infâme infect inqualifiable insulte
insulter intolérable lamentable menteur merde minable misérable ordure outré pitoyable putain rage ridicule révoltant
révolté scandale scandaleux scandalisé terrible voleur vol voler
"""

NEGATORS = """
ne n pas jamais rien aucun aucune sans ni nullement guere aucunement
"""

NEUTRAL = """
sur juste justement simplement plait vol vols propre propres assurance assurances
"""
"""Words that are said without feeling although their stem is felt: `juste une question`, `un vol pour Rome`."""

STOP_WORDS = """
a ai aie ainsi aller allez alors apres as au aucun aura aurait aussi autant autre autres aux avait avant avec avez
avoir avons ayant bien bon bonjour bonsoir c ca car ce ceci cela celle celles celui ces cet cette ceux chaque chez ci
comme d dans de deja depuis des deux dit doit donc dont du elle elles en encore entre est est-ce et etait etant ete
etes etre eu eux faire fais fait faut fois font hein hier ici il ils j je juste l la le les leur leurs lui m ma madame
mais me meme mes moi moins mon monsieur n ne ni non nos notre nous ok on ont ou oui par parce pas peu peut peux plus
pour pourquoi pouvez puis puisque qu quand que quel quelle quelles quelque quelques quels qui quoi s sa sans se sera
ses si soit son sont souhaite sous suis sur svp t ta te tes toi ton tous tout toute toutes tres trop tu un une va vais
vers veut veux voici voila vont vos votre voudrais vous y
"""
"""Words that tell nothing about what is spoken of."""
