"""English words of feeling, as they are said to a shop. Written for Aparté; in their base form, found by their stem."""

VERY_GOOD = """
adore amazing awesome astonishing astounding best blessed bliss brilliant congratulations delight delighted delightful
dream ecstatic excellence excellent exceptional extraordinary exquisite fabulous fantastic flawless glorious gorgeous
heavenly impeccable incredible ideal invaluable lifesaver love loved magnificent marvellous marvelous outstanding
perfect perfection perfectly phenomenal priceless remarkable sensational spectacular splendid stellar stunning sublime
superb superior super terrific thrilled top tremendous unbeatable wonderful wow
"""

GOOD = """
able accessible accommodating accurate accurately achieve admire advantage affordable agreeable amazed amuse appealing
appreciate appreciated appreciation approachable appropriate assure assured attentive attractive authentic available
balanced bargain beautiful beauty benefit beneficial better bonus bright calm capable care caring carefully charm
charming cheap cheerful cheers clean clear clearer clearly clever comfort comfortable comfy competent complete
confident confidence considerate convenient convenience convincing cool correct correctly courteous courtesy creative
cute dependable deserve dedicated diligent durable dynamic eager ease easier easily easy effective effectively
efficient efficiency effortless elegant empathy enable encourage encouraging engaging enjoy enjoyable enthusiastic
exact exactly excited exciting fair fairly faithful famous fancy fast faster favor favour favorite favourite fine fix
fixed flexible fluent fortunate fortunately free fresh friend friendly fun generous gentle genuine gift glad gladly
good goodness grace gracious grateful gratitude great greatly handy happily happy harmless healthy help helped helpful
helping hero honest honestly honesty hope hopeful hopefully impressed impressive improve improved improvement
informative innovative instant instantly intelligent interested interesting intuitive joy joyful keen kind kindly
kindness knowledgeable likeable logical lovely loyal luck luckily lucky modern motivated neat nice nicely optimal
optimistic organised organized patience patient peaceful pleasant pleased pleasing pleasure polite politely positive
positively practical praise precious precise prefer pretty professional professionally prompt promptly proper properly
proud punctual quick quicker quickly quiet ready reassure reassured reassuring recommend recommended refined
refreshing relax relaxed relevant reliable reliability relief relieved resolve resolved respect respectful responsive
reward rich robust safe safely satisfaction satisfactory satisfied satisfy save secure sensible sharp simple simply
sincere skilled skillful smart smile smiling smooth smoothly soft solid solve solved speedy stable sturdy stylish
succeed success successful successfully suit suitable supportive sure sweet swift sympathetic talented thank thankful
thanks thorough thoughtful tidy timely tranquil transparent true trust trusted trustworthy understanding understand
unique useful valuable warm warmly welcome welcoming well win wise work worked works worth worthwhile yay yummy
"""

BAD = """
absent abrupt absurd abuse ache afraid aggressive alarm alone angry annoy annoyed annoying annoyance anxious anxiety
apologise apologize argue arrogant ashamed avoid awkward bad badly ban barely blame bland blocked blocking boring
bother bothered break broke broken bug bugged buggy burden cancel cancelled careless chaos chaotic cheat cheated
clumsy cold complain complaint complex complicated concern concerned concerning confuse confused confusing confusion
conflict contradict costly counterfeit crack cracked crash crashed crashes criticise cruel cry cumbersome cut damage
damaged danger dangerous dead debt decline deceive defect defective delay delayed deny denied desperate difficult
difficulty dirty disadvantage disagree disappear disappeared disappoint disappointed disappointing disappointment
discourage dishonest dislike dismiss dispute disrespect dissatisfied distress disturb doubt doubtful drop dull dump
embarrassed empty error exhausted exhausting expensive expired fade fail failed failing fails failure fake false fault
faulty fear fed flaw flawed flimsy fool forget forgot forgotten fraud frustrate frustrated frustrating frustration
fuss glitch greedy grief guilty harass hard harm harmful harsh hassle hesitate hidden hurt ignorant ignore ignored ill
illegal impatient impolite impossible inaccurate inadequate incapable incompetent incomplete inconsistent
inconvenience inconvenient incorrect incorrectly inferior insecure insufficient interrupt invalid irritate irritated
irritating issue jam junk lack lacking lag laggy late lame lazy leak liar lie lied limited lonely lose lost loss loud
low mad malfunction mess messy misleading miss missed missing mistake mistaken misunderstand misunderstanding mislead
negative neglect negligent nervous noisy nonsense nothing nuisance odd offend offended outdated overcharge overcharged
overpriced pain painful panic pathetic penalty poor poorly problem problematic protest refuse refused regret regretful
reject rejected reluctant repetitive rigid rip ripped risk risky rough rude rudely ruin ruined sad sadly scam scared
scratch scratched shame shoddy shortage sick silly skeptical slow slower slowly sluggish smelly sorry spam stain
stained stale steal stolen strange stress stressed stressful stuck stupid struggle struggling suffer suspicious tear
tedious tired tiring torn tricky trouble troubled ugly unable unacceptable unavailable unaware unclear uncomfortable
undelivered uneasy unfair unfortunate unfortunately unfriendly unhappy unhelpful unimpressed unknown unlucky
unpleasant unprofessional unreachable unreasonable unreliable unresolved unresponsive unsafe unsatisfied
unsatisfactory unstable unsure unusable unwanted upset useless vague violate wait waited waiting waste wasted weak
weird worn worried worry worrying worse wreck wrong wrongly
"""

VERY_BAD = """
abhorrent abominable abysmal appalling appalled atrocious awful crap catastrophe catastrophic damn despicable despise
detest disaster disastrous disgrace disgraceful disgust disgusted disgusting dreadful enraged fraudulent furious
garbage hate hated hell hideous horrendous horrible horribly horrid horrific incensed infuriated infuriating insult
insulting intolerable livid ludicrous miserable nightmare outrage outraged outrageous repulsive revolting ridiculous
robbed rubbish scandal scandalous scammed scammer shameful shit shocking terrible terribly thief trash vile worst
worthless wretched
"""

NEGATORS = """
not no never nobody none neither nor without hardly cannot cant dont doesnt didnt isnt wasnt arent wont wouldnt
couldnt shouldnt havent hasnt hadnt werent aint n't nt
"""

NEUTRAL = """
please help helping simply exactly hardly value values fix favor favour wait waits
"""
"""Words that are said without feeling although their stem is felt: `can you help me`, `wait a moment`."""

STOP_WORDS = """
a about after again all also am an and any are as at be because been before being both but by can could d did do does
doing done dont down each else even every few for from further get gets getting go goes going got had has have having
he hello her here hers hi him his how i id if im in into is it its itself ive just ll m ma madam may me might more
most much my myself n't no nor not now of off ok okay on once one only or other our ours out over own re s same see
she should sir so some still such t than that the their theirs them then there these they this those through to too
under until up us ve very was we were what when where which while who whom why will with would yes you your yours
yourself
"""
"""Words that tell nothing about what is spoken of."""
