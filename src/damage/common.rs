//! The commonest words of languages that put spaces between words. They are about half of any text. A scan misreads them like all
//! other words, and the result is seldom a word. The last line of some languages has abbreviations from mail and bills; their
//! letters are not pronounced as a word. The words are written from knowledge of the languages; their order has no meaning.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::damage::counts::Hashed;
use crate::damage::reading::Reading;
use crate::damage::walk::hash;
use crate::damage::words::{EDGE, trigrams};

const WORDS: [&str; 21] = [
    // English.
    "
the of and to in is that it was for on are as with his they at be this have from or had by but not what all were we when your can said there
each which she do how their if will up other about out many then them these so some her would make like him into time has look two more write go see
no way could people my than first been who its now find long down day did get come made may over after also back only little very just where most know
must through our before right same still under last while might great such should here every upon those never again being shall thy thou
mr mrs st dr tel vat qty ltd inc
    ",
    // German.
    "
der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass daß sie nach wird bei einer um am sind noch
wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei hatte kann gegen vom können schon wenn habe seine mark ihre dann unter wir
soll ich eines jahr zwei diese dieser wieder keine seiner worden will zwischen immer was sagte gibt alle seit muß wurden beim doch jetzt waren drei jahre mich mir dir
ihm ihn ihr ihren ihrer seinem seinen hier ganz wo uns da denn nun du welche welcher würde sehr selbst alles nichts etwas ohne damit viel gut hand herr frau vnd seyn sey wol auff vnnd nit auß
nr str tel dr st usw bzw mwst ust gmbh
    ",
    // French.
    "
de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont la mais comme ou si leur y dont tout nous sa aux son avec cette ses ces
elle fait même deux lui été aussi sans être peut on vous bien je où encore entre sous ainsi depuis avait était très sont faire autre après contre moins jamais toute tous cela
donc rien peu point quand notre votre fut avoir celui celle ceux homme leurs mon moi roy roi dit ledit faut ont
mme mlle tel tél tva ttc ht qté qte eur sarl siret
    ",
    // Spanish.
    "
que el los las del se una por con no su para es al lo como más pero sus le ya este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo
nos durante todos uno les ni contra otros ese eso ante ellos esto antes algunos qué unos yo otro otras otra él tanto esa estos mucho nada muchos cual poco ella estar fue era son dos tiene años ser había
sr sra tel iva nif cif ud uds
    ",
    // Italian.
    "
il di che è la per un non in una sono mi si lo ma ti ho con le ha da no come se ci questo bene tu qui del lei mio al hai te solo della era gli tutto di più me mia cosa ne anche così ed
uno dei dal alla nel perché fa loro sua suo quando quello quella dove ora delle degli nella essere stato fatto molto
sig tel iva eur cod fisc
    ",
    // Portuguese.
    "
o que e do da em um para com não uma os no se na por mais as dos como mas ao ele das à seu sua ou quando muito nos já eu também só pelo pela até isso ela entre depois sem mesmo aos seus quem
nas me esse eles você essa num nem suas meu às minha numa pelos elas qual nós lhe deles essas foi são está ser tem havia era
sr tel iva nif qtd
    ",
    // Dutch.
    "
de het een en van ik te dat die in is niet op aan met als voor er maar om hem dan zou of wat mijn men dit zo door over ze zich bij ook tot je mij uit der daar haar naar heb hoe heeft hebben deze
u want nog zal me zij nu ge geen omdat iets worden toch al waren veel meer doen toen moet ben zonder kan hun dus alles onder ja werd wezen zelf tegen na had hij wij hier waar
dhr mevr tel nr btw kvk
    ",
    // Polish.
    "
i w na z do się nie że jest to o jak po za od a przez przy ale co tym tak jego już tylko dla tego są był było była być może ich jej oraz lub ze tej czy ten pan bez go mi mnie ja ty on
ul nr tel nip vat szt zł
    ",
    // Czech.
    "
a se v na je že o s z do i to k ve pro za by ale si po jako od jeho jsem jsou který které která při jak tak když není byl byla bylo být co ten ta už jen nebo aby ze však své svou
ul tel ičo dič dph ks kč
    ",
    // Slovene.
    "
in je se na da v za ne so po pa ki z ni bi od pri kot tudi bil bila bilo ali kar kako ter jih si še le ko to ga mu jo do že bo ker tem
ul tel ddv
    ",
    // Swedish.
    "
och att det i en jag hon som han på den med var sig för så till är men ett om hade de av icke mig du henne då sin nu har inte hans honom skulle hennes där min man ej vid kunde något från ut när
    ",
    // Danish and Norwegian.
    "
og i at det er en til af på de der som for med den ikke et jeg var han men har om vi min havde ham hun nu over da fra du ud sin dem os op man hans hvor eller hvad skal selv her alle vil blev kunne ind når
    ",
    // Finnish.
    "
ja on ei se että hän oli mutta kun niin kuin ovat myös joka olla minä sinä tai jos ole sitten vain nyt sen
    ",
    // Hungarian.
    "
a az és hogy nem is egy de meg ez csak azt van ha volt már el fel még mint ki én úgy vagy volna kell minden ezt nagy
    ",
    // Romanian.
    "
și de la în a cu nu o pe să că un din este se care mai pentru ca lui sau dar ce era sunt fost după fi prin
    ",
    // Turkish.
    "
ve bir bu da de için ile çok ne o ben gibi daha var mi kadar sonra en ama olan olarak her değil diye ki şey bana
    ",
    // Latin.
    "
et in est non ad ut cum quod qui sed si ex per de a ab que sunt quae esse aut hoc eius enim etiam nec atque quam pro sicut ac autem super omnia deus
    ",
    // Russian.
    "
и в не на я быть он с что а по это она этот к но они мы весь который из у то за свой ее так же от все как для о его или бы мне было было до когда если уже ему их был была были
нет под только себя еще может время где там во чтобы меня вы ни да себе тебя потом
    ",
    // Bulgarian.
    "
на и да се е от за в не с са че по като но до си ще са му той или има го при този така след след това към бе беше със те ми аз как тя
    ",
    // Ukrainian.
    "
і в не на що з та до як у я він за це але по від так його вона вони ми бути було для про чи або коли вже є
    ",
    // Greek.
    "
και το να του η με που ο την από τη τον για της είναι στο δεν σε θα μου οι στην τα στη κι αν τους ή ότι
    ",
];

/// Trigrams of the same languages, in the same order: one line for each language, after its name.
const TRIGRAMS: &str = include_str!("trigrams.txt");

/// A set of languages of the tables, as bits.
pub(super) type Languages = u32;

/// Minimum number of trigrams known for the likeliest language; with fewer, the text may be in any language.
const KNOWN: u32 = 30;

/// A text may also be in other languages that know at least this percentage of the trigrams of the likeliest one. French shares
/// half of its trigrams with Italian.
const ALSO: u32 = 80;

/// The words and their trigrams by hash, with the languages that have them.
pub(super) struct Common {
    words: ByHash,
    grams: ByHash,
}

/// Sets of languages by the hash of a word or trigram.
type ByHash = HashMap<u64, Languages, Hashed>;

impl Common {
    /// The tables, built on the first call.
    pub fn get() -> &'static Self {
        static TABLES: OnceLock<Common> = OnceLock::new();
        TABLES.get_or_init(Self::new)
    }

    fn new() -> Self {
        let room = |bytes: usize| ByHash::with_capacity_and_hasher(bytes / 4, <_>::default());
        let mut tables = Self {
            words: ByHash::default(),
            grams: room(TRIGRAMS.len()),
        };
        let mut known: HashMap<char, u32> = HashMap::new();
        let grams = TRIGRAMS.lines().filter(|line| !line.starts_with('#'));
        for (language, (words, grams)) in WORDS.iter().zip(grams.chain([""])).enumerate() {
            for word in words.split_whitespace() {
                let word = Reading::new(word).letters;
                *tables.words.entry(hash(&word)).or_default() |= 1 << language;
                for gram in trigrams(&word) {
                    *tables.grams.entry(hash(&gram)).or_default() |= 1 << language;
                }
            }
            let letters: Vec<u32> = grams
                .chars()
                .map(|c| *known.entry(c).or_insert_with(|| letter(c)))
                .collect();
            for gram in letters.chunks_exact(3) {
                *tables.grams.entry(hash(gram)).or_default() |= 1 << language;
            }
        }
        tables
    }

    /// The languages that have this word.
    pub fn with_word(&self, word: &[u32]) -> Languages {
        self.words.get(&hash(word)).copied().unwrap_or(0)
    }

    /// The languages that have this trigram.
    pub fn with_gram(&self, gram: &[u32]) -> Languages {
        self.grams.get(&hash(gram)).copied().unwrap_or(0)
    }
}

/// A letter of the table of trigrams, in the form that a text is read in.
fn letter(c: char) -> u32 {
    let mut text = [0; 4];
    match Reading::new(c.encode_utf8(&mut text)).letters[..] {
        [letter] if c != '_' => letter,
        _ => EDGE,
    }
}

/// The likely languages of a text, judged by some of its words; all languages if too few trigrams are known.
pub(super) fn languages<'w>(words: impl Iterator<Item = &'w [u32]>) -> Languages {
    let mut known = [0_u32; WORDS.len()];
    for gram in words.flat_map(trigrams) {
        let mut languages = Common::get().with_gram(&gram);
        while languages != 0 {
            known[languages.trailing_zeros() as usize] += 1;
            languages &= languages - 1;
        }
    }
    let most = known.iter().copied().max().unwrap_or(0);
    if most < KNOWN {
        return Languages::MAX;
    }
    let many = (0..WORDS.len()).filter(|&language| 100 * known[language] >= ALSO * most);
    many.fold(0, |languages, language| languages | 1 << language)
}
