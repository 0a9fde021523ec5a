//! Every kind of damage in texts of several scripts. Each damaged copy is compared with a clean copy, and with the opposite damage.

use std::borrow::Cow;
use std::time::Instant;

use proptest::prelude::*;

use crate::damage::{Damage, Figure, measure};

const ENGLISH: &str = "The lock keeper at Ashby had kept bees for thirty years. In May he found the hives empty, and nobody in the \
    village could tell him why. \"They were well in April,\" he said to the woman from the county, who wrote it down. She had \
    heard the same from eleven other places that week, and asked him for a jar of the old honey.";

const CHINESE: &str = "村口的水井去年夏天干了。老支书请来打井队，一连打了三口，都没有出水。“再往下打二十米，”队长说，“不出水不要钱。”\
    到了第四天夜里，水终于涌了上来，全村的人都提着桶出来看。孩子们围着井台跑，笑声一直传到河对岸。";

const RUSSIAN: &str = "Паром ходил через реку до самых морозов. Паромщик знал всех по имени и никого не торопил. Осенью построили \
    мост, и паром вытащили на берег, где он лежит до сих пор. Дети говорят, что весной он опять уйдёт.";

const TEXTS: [&str; 3] = [ENGLISH, CHINESE, RUSSIAN];

fn damages(texts: &[&str]) -> Vec<Damage> {
    let texts = texts.iter().map(|&text| Cow::Borrowed(text));
    measure(texts)
        .into_iter()
        .map(|measured| measured.damage)
        .collect()
}

/// Checks that the damaged copy ranks below the clean one and has this count of the figure, whichever copy is the pivot.
fn assert_worse(clean: &str, damaged: &str, figure: Figure, count: u64) {
    for swapped in [false, true] {
        let texts = if swapped {
            [damaged, clean]
        } else {
            [clean, damaged]
        };
        let mut found = damages(&texts);
        if swapped {
            found.reverse();
        }
        assert_eq!(found[1].get(figure), count, "{figure}: {:?}", found[1]);
        assert!(
            found[0].weight() < found[1].weight(),
            "{figure}: {:?} {:?}",
            found[0],
            found[1]
        );
    }
}

#[test]
fn equal_copies_have_no_damage() {
    for text in TEXTS {
        assert!(
            damages(&[text, text, text])
                .iter()
                .all(|damage| *damage == Damage::default())
        );
    }
}

#[test]
fn a_sentence_that_one_copy_lacks_is_lost_in_each_script() {
    for text in TEXTS {
        let stop = text.find(['.', '。']).unwrap();
        let start = stop + text[stop..].chars().next().unwrap().len_utf8();
        let next = start + text[start..].find(['.', '。']).unwrap();
        let cut = format!("{}{}", &text[..stop], &text[next..]);
        let letters = text[stop..next]
            .chars()
            .filter(|c| c.is_alphanumeric())
            .count();
        let found = damages(&[text, &cut]);
        let lost = found[1].get(Figure::Lost);
        assert!(lost.abs_diff(letters as u64) <= 2, "{lost} of {letters}");
        assert_eq!(found[0].weight(), 0);
    }
}

#[test]
fn of_three_copies_what_only_one_has_is_no_credit_and_what_two_have_is_lost() {
    let more = format!("{ENGLISH} Nobody came to the well on Sunday.");
    let found = damages(&[&more, ENGLISH, ENGLISH.replace("May", "may").as_str()]);
    assert_eq!(
        (found[0].get(Figure::Alone), found[1].get(Figure::Lost)),
        (27, 0)
    );
    let other = more.replace("May", "may");
    let found = damages(&[&more, ENGLISH, &other]);
    assert_eq!(
        (found[0].get(Figure::Alone), found[1].get(Figure::Lost)),
        (0, 27)
    );
}

#[test]
fn text_that_the_pivot_alone_lacks_is_lost_by_it() {
    let cut = ENGLISH.replace(
        " In May he found the hives empty, and nobody in the village could tell him why.",
        "",
    );
    let other = ENGLISH.replace("county", "County");
    let found = damages(&[&cut, ENGLISH, &other]);
    assert!(found[0].get(Figure::Lost) > 40, "{:?}", found[0]);
    assert_eq!(found[1].get(Figure::Alone) + found[1].get(Figure::Lost), 0);
}

#[test]
fn a_text_said_twice_is_the_worse_copy_and_one_more_paragraph_the_better() {
    for text in TEXTS {
        let letters = text.chars().filter(|c| c.is_alphanumeric()).count() as u64;
        assert_worse(
            text,
            &format!("{text}\n\n{text}"),
            Figure::Repeated,
            letters,
        );
    }
    let more =
        format!("{ENGLISH}\n\nThe jar stood on her desk until the winter, and nobody opened it.");
    assert!(damages(&[ENGLISH, &more])[0].get(Figure::Lost) > 40);
}

#[test]
fn words_doubled_are_repeated_and_characters_doubled_in_chinese_are_not() {
    let doubled = ENGLISH
        .replace("the hives", "the the hives")
        .replace("from the", "from the the");
    assert_worse(ENGLISH, &doubled, Figure::Repeated, 6);
    let looking = "他每天早上都要到河边去看看，看看水涨了没有，再慢慢走回来。";
    let lost = looking.replacen("看看", "看", 1);
    assert_eq!(damages(&[looking, &lost])[0].get(Figure::Repeated), 0);
}

#[test]
fn letters_misread_are_told_in_both_directions() {
    let english = ENGLISH
        .replace("from", "frorn")
        .replace("him", "hirn")
        .replace("the village", "tbe village");
    let found = damages(&[ENGLISH, &english]);
    assert!(found[1].get(Figure::Misread) >= 3, "{found:?}");
    assert!(found[0].weight() < found[1].weight());
    let russian = RUSSIAN
        .replace("никого не", "ннкого нс")
        .replace("который", "которын")
        .replace("что", "чго");
    assert_worse_by_weight(RUSSIAN, &russian);
    // 出水 and 孩子 are words, 国水 and 孩一 are not.
    let chinese = CHINESE
        .replace("没有出水", "没有国水")
        .replace("孩子", "孩一");
    assert_worse(CHINESE, &chinese, Figure::Misread, 2);
}

fn assert_worse_by_weight(clean: &str, damaged: &str) {
    for (texts, at) in [([clean, damaged], 1), ([damaged, clean], 0)] {
        let found = damages(&texts);
        assert!(found[at].weight() > found[1 - at].weight(), "{found:?}");
    }
}

#[test]
fn regional_words_and_scripts_are_no_misreadings() {
    let found = damages(&[
        "他在网络上找到了这个软件的信息，下载以后安装在硬盘里。",
        "他在網路上找到了這個軟體的資訊，下載以後安裝在硬碟裡。",
    ]);
    assert_eq!(
        (found[0].get(Figure::Misread), found[1].get(Figure::Misread)),
        (0, 0)
    );
}

#[test]
fn quotation_marks_stops_and_half_width_marks_count_as_themselves() {
    assert_worse(ENGLISH, &ENGLISH.replace('"', ""), Figure::Quotes, 2);
    assert_worse(CHINESE, &CHINESE.replace(['“', '”'], ""), Figure::Quotes, 4);
    assert_worse(RUSSIAN, &RUSSIAN.replace('.', ""), Figure::Marks, 4);
    let plain = CHINESE.replace('，', ",");
    assert_worse(
        CHINESE,
        &plain,
        Figure::Plain,
        CHINESE.matches('，').count() as u64,
    );
}

#[test]
fn two_commas_more_are_an_editors_choice() {
    let found = damages(&[
        ENGLISH,
        &ENGLISH
            .replace("hives empty", "hives, empty")
            .replace("woman from", "woman, from"),
    ]);
    assert_eq!((found[0].weight(), found[1].weight()), (0, 0));
    let none = ENGLISH.replace(',', "");
    assert!(damages(&[ENGLISH, &none])[1].get(Figure::Marks) > 2);
}

#[test]
fn markup_is_counted_sign_by_sign_and_its_letters_are_no_text() {
    let english = format!(
        "<p class=\"x\">{}</p>",
        ENGLISH.replace(
            "county",
            "<a href=\"https://example.org/county?a=1\">county</a>"
        )
    );
    assert_worse(ENGLISH, &english, Figure::Markup, 4);
    assert_worse(
        CHINESE,
        &CHINESE.replace("老支书", "[[支书|老支书]]"),
        Figure::Markup,
        2,
    );
    assert_worse(
        RUSSIAN,
        &RUSSIAN.replace(' ', "&nbsp;"),
        Figure::Markup,
        RUSSIAN.matches(' ').count() as u64,
    );
    let style = format!(".post p{{margin:0 0 1em;color:red}} {ENGLISH}");
    assert!(damages(&[ENGLISH, &style])[0].get(Figure::Lost) == 0);
    // Not markup: a comparison, an address, a bracket.
    for plain in [
        "It is so where a < b and b > c.",
        "Write to <anna@example.org>.",
        "He said [so] that day.",
    ] {
        assert_eq!(damages(&[plain])[0].get(Figure::Markup), 0, "{plain}");
    }
}

#[test]
fn numbers_woven_in_are_told_from_numbers_lost() {
    let mut number = 0;
    let footnotes: String = ENGLISH
        .split_inclusive(". ")
        .map(|sentence| {
            number += 1;
            format!("[{number}] {sentence}")
        })
        .collect();
    assert_worse(ENGLISH, &footnotes, Figure::Woven, number);
    let lines: Vec<String> = [
        "打井队来的那天",
        "全村的人都出来看",
        "孩子们围着井台跑",
        "笑声传到河对岸",
    ]
    .iter()
    .zip(11..)
    .map(|(line, number)| format!("{number} {line}"))
    .collect();
    let plain = "打井队来的那天\n全村的人都出来看\n孩子们围着井台跑\n笑声传到河对岸";
    assert_worse(plain, &lines.join("\n"), Figure::Woven, 4);
    let with = "The mill was built in 1821 for silk and closed before the owner had paid.";
    assert_worse(with, &with.replace("1821 ", ""), Figure::Numbers, 1);
}

#[test]
fn what_could_not_be_read_is_counted_and_a_question_is_not() {
    let replaced = ENGLISH.replace("keeper", "k\u{FFFD}eper");
    assert!(damages(&[ENGLISH, &replaced])[1].get(Figure::Unread) >= 1);
    assert_worse(ENGLISH, &ENGLISH.replace('"', "?"), Figure::Unread, 2);
    assert_worse(RUSSIAN, &RUSSIAN.replace(". ", ".\\n"), Figure::Unread, 3);
    let twice = "The baker\u{e2}\u{20ac}\u{2122}s boy went out.";
    assert_worse("The baker\u{2019}s boy went out.", twice, Figure::Unread, 1);
    let question = "Who kept the bees? Nobody knew, and nobody asked.";
    assert_eq!(damages(&[question, question])[0].get(Figure::Unread), 0);
}

#[test]
fn spaces_lost_and_gained_are_told_by_the_words() {
    let joined = ENGLISH
        .replace("in the", "inthe")
        .replace("of the", "ofthe")
        .replace("from the", "fromthe");
    let found = damages(&[ENGLISH, &joined]);
    assert!(
        found[1].get(Figure::Spaces) >= 3 && found[0].get(Figure::Spaces) == 0,
        "{found:?}"
    );
    let parted = ENGLISH.replace("other", "ot her").replace("from", "fr om");
    let found = damages(&[ENGLISH, &parted]);
    assert!(
        found[1].get(Figure::Spaces) >= 1 && found[0].get(Figure::Spaces) == 0,
        "{found:?}"
    );
}

#[test]
fn words_divided_by_line_ends_are_counted_and_lines_that_end_between_words_are_not() {
    assert_worse(
        ENGLISH,
        &ENGLISH
            .replace("keeper", "kee-\nper")
            .replace("nobody", "no-\nbody"),
        Figure::Breaks,
        2,
    );
    assert_worse(
        CHINESE,
        &CHINESE.replace("打井队", "打井\n队"),
        Figure::Breaks,
        1,
    );
    assert_eq!(
        damages(&[ENGLISH, &ENGLISH.replace(" he ", "\nhe ")])[1].weight(),
        0
    );
}

#[test]
fn forms_of_print_and_letters_of_other_scripts_are_counted() {
    assert_worse(
        "他用水和火做饭，一日三餐都在院子里吃。",
        "他用⽔和⽕做饭，一日三餐都在院子里吃。",
        Figure::Forms,
        2,
    );
    assert_worse(
        "The first office was found in the field.",
        "The ﬁrst oﬃce was found in the ﬁeld.",
        Figure::Forms,
        3,
    );
    assert_worse(
        "The orchard was planted long ago.",
        "The orсhаrd was planted long ago.",
        Figure::Forms,
        2,
    );
    assert_eq!(
        damages(&["ＡＢＣ公司在１９９８年成立，现有员工三百人。"])[0].get(Figure::Forms),
        0
    );
}

#[test]
fn furniture_of_a_site_is_no_credit_and_a_paragraph_is() {
    let english = format!(
        "Home | News | Sport | Weather\nPublished: 3 May 2021\n\n{ENGLISH}\n\nRead more\nCopyright 2021 The Ashby News. All rights reserved."
    );
    let found = damages(&[ENGLISH, &english]);
    assert!(
        found[1].get(Figure::Furniture) > 60 && found[0].weight() == 0,
        "{found:?}"
    );
    let chinese = format!(
        "首页 > 新闻 > 正文\n昨天夜里下了一场大雪。\n发布时间:2021-10-16 来源:晚报\n\n{CHINESE}\n\n相关阅读\n打井队去了邻村。\n版权所有 未经许可不得转载"
    );
    let found = damages(&[CHINESE, &chinese]);
    assert!(
        found[1].get(Figure::Furniture) > 30 && found[0].weight() == 0,
        "{found:?}"
    );
    let foot = format!(
        "{ENGLISH}\n\nThe county sent a letter in the autumn. It said that the bees had died of the cold."
    );
    let found = damages(&[ENGLISH, &foot]);
    assert!(
        found[0].get(Figure::Lost) > 50 && found[1].weight() == 0,
        "{found:?}"
    );
}

#[test]
fn a_running_head_between_pages_is_furniture() {
    let (first, rest) = ENGLISH.split_at(ENGLISH.find("In May").unwrap());
    let (second, third) = rest.split_at(rest.find("She had").unwrap());
    let paged = format!("{first}\nTHE BEES OF ASHBY\n{second}\nTHE BEES OF ASHBY\n{third}");
    assert_worse(ENGLISH, &paged, Figure::Furniture, 28);
}

#[test]
fn an_answer_that_quotes_the_message_is_the_worse_copy() {
    let quoted: Vec<String> = ENGLISH
        .split(". ")
        .map(|line| format!("> {line}"))
        .collect();
    let answer = format!(
        "Thank you, I shall ask my cousin about it.\n\nOn Monday Anna wrote:\n{}",
        quoted.join(".\n")
    );
    assert_worse_by_weight(ENGLISH, &answer);
}

#[test]
fn notes_and_readings_are_no_credit_and_words_in_brackets_are() {
    let plain = "その晩、灯台の光が急に消えた。漁師たちは浜に集まり、沖に残った船を待った。";
    let ruby = plain
        .replace("晩", "晩《ばん》")
        .replace("灯台", "灯台《とうだい》")
        .replace("光", "光《ひかり》");
    assert_worse(plain, &ruby, Figure::Notes, 9);
    let bracketed = ENGLISH.replace("the hives empty", "the hives (all nine of them) empty");
    let found = damages(&[ENGLISH, &bracketed]);
    assert!(
        found[0].get(Figure::Lost) > 10 && found[1].weight() == 0,
        "{found:?}"
    );
}

#[test]
fn paragraphs_and_capitals_lost_are_slight_damage() {
    let paragraphs = ENGLISH.replace("why. ", "why.\n\n");
    assert_worse(&paragraphs, ENGLISH, Figure::Paragraphs, 1);
    assert_worse(ENGLISH, &ENGLISH.to_lowercase(), Figure::Capitals, 7);
    let shouted = damages(&[ENGLISH, &ENGLISH.to_uppercase()]);
    assert!(
        shouted[1].get(Figure::Capitals) > 100 && shouted[0].get(Figure::Capitals) < 10,
        "{shouted:?}"
    );
}

#[test]
fn headings_and_first_words_in_capitals_are_no_loss_of_case() {
    let printed = ENGLISH.replace("The lock keeper", "THE LOCK KEEPER");
    let found = damages(&[ENGLISH, &printed]);
    assert_eq!((found[0].weight(), found[1].weight()), (0, 0), "{found:?}");
}

#[test]
fn lines_that_end_within_words_again_and_again_are_counted_each() {
    let text =
        &format!("The keeper, the village and the county had known it for thirty years. {ENGLISH}");
    let wrapped = text
        .replacen("keeper", "kee\nper", 1)
        .replacen("village", "vil\nlage", 1)
        .replacen("county", "coun\nty", 1)
        .replacen("thirty", "thir\nty", 1);
    for texts in [[text, &wrapped], [&wrapped, text]] {
        let texts = texts.map(String::as_str);
        let mut spaces = damages(&texts)
            .into_iter()
            .map(|damage| damage.get(Figure::Spaces));
        let (first, second) = (spaces.next(), spaces.next());
        assert!(first.max(second) >= Some(3) && first.min(second) == Some(0));
    }
    // Control: lines that end between words, and one copy that lost the spaces there.
    let lines = text
        .replacen("village and", "village\nand", 1)
        .replacen("county had", "county\nhad", 1)
        .replacen("thirty years", "thirty\nyears", 1);
    let joined = lines.replace('\n', "");
    assert_worse_by_weight(&lines, &joined);
}

#[test]
fn words_of_two_regions_are_no_misreadings_in_two_scripts_and_a_wrong_letter_is() {
    let mainland = "这个程序会把用户的数据写到硬盘里。运行代码之前，请检查内存和缓存是否够用。遍历链表的时候，指针每次向后移动一个节点，\
        直到队列为空。";
    let taiwan = "這個程式會把使用者的資料寫到硬碟裡。執行程式碼之前，請檢查記憶體和快取是否夠用。走訪鏈結串列的時候，指標每次向後移動一個節點，\
        直到佇列為空。";
    let found = damages(&[mainland, taiwan]);
    assert!(
        found.iter().all(|damage| damage.get(Figure::Misread) <= 1),
        "{found:?}"
    );
    // Control: 出水 is a word, 國水 is not.
    let (well, typed) = (
        "村里有三口井。第一口井出水了，第二口没有出水，第三口也出水了。村里人很高兴。",
        "村裡有三口井。第一口井出水了，第二口沒有國水，第三口也出水了。村裡人很高興。",
    );
    let found = damages(&[well, typed]);
    assert!(found[1].get(Figure::Misread) >= 1, "{found:?}");
}

#[test]
fn the_links_of_an_archive_behind_the_head_of_a_mail_are_furniture() {
    let head = "From: Anna Moor\nDate: 4 May 2012\nSubject: The bees of Ashby and of the other eleven places\n\n";
    let mail = format!("{head}{ENGLISH}");
    let links = "Previous message: [users] A boat on the canal\nNext message: [users] The price of honey\nMessages sorted by: [ date ] [ thread ]\n\n";
    let archived = format!("{head}{links}{ENGLISH}");
    for texts in [[&mail, &archived], [&archived, &mail]] {
        let found = damages(&texts.map(String::as_str));
        let lost: u64 = found.iter().map(|damage| damage.get(Figure::Lost)).sum();
        assert_eq!(lost, 0, "{found:?}");
    }
    // Control: a paragraph in the same place is text.
    let paragraph =
        "The message came too late. The price of honey had gone up, and she had sold hers.\n\n";
    let longer = format!("{head}{paragraph}{ENGLISH}");
    assert!(damages(&[&mail, &longer])[0].get(Figure::Lost) > 50);
}

#[test]
fn a_sentence_that_was_replaced_is_another_text_and_no_misreading() {
    let other = ENGLISH.replace(
        "In May he found the hives empty, and nobody in the village could tell him why.",
        "It was said in a report that the county had asked for more time to look at the case.",
    );
    let found = damages(&[ENGLISH, &other]);
    assert!(
        found.iter().all(|damage| damage.get(Figure::Misread) == 0),
        "{found:?}"
    );
    // Two of three copies agree, so their text counts as the complete one.
    let found = damages(&[&other, ENGLISH, &ENGLISH.replace('"', "")]);
    assert!(
        found[0].get(Figure::Lost) > 40 && found[1].weight() == 0,
        "{found:?}"
    );
}

#[test]
fn abbreviations_of_bills_are_words() {
    let bill = "Pharmacie de la Gare, 12 rue des Lilas. TVA 5,5 % sur les produits, Qté 2, total TTC en euros. Merci de votre visite et \
        à bientôt dans notre magasin.";
    let scan = bill.replace("TVA", "TUA").replace("TTC", "TIC");
    assert_worse(bill, &scan, Figure::Misread, 2);
}

#[test]
fn accents_that_one_copy_lacks_throughout_are_lost() {
    let french = "L'été dernier, la forêt a brûlé près du château. Les élèves de l'école ont planté des chênes là où le feu était passé.";
    let bare: String = french
        .chars()
        .map(|c| match c {
            'é' | 'è' | 'ê' => 'e',
            'û' => 'u',
            'â' | 'à' => 'a',
            'ù' => 'u',
            _ => c,
        })
        .collect();
    assert_worse_by_weight(french, &bare);
}

#[test]
fn a_question_in_a_long_reading_says_nothing_against_it() {
    let clean = "Who told you that? asked the miller of the village, and nobody knew what to say. The river was high and the mill \
        stood still. They went home before it was dark, and in the morning the water had gone down again.";
    let scan = clean.replace(
        "Who told you that? asked the miller of the village, and nobody knew",
        "VVho tolcl yon tliat asl<ed tlie rniller cf tlie viIlage, anc1 nobocly l<new",
    );
    let found = damages(&[clean, &scan]);
    assert_eq!(found[0].get(Figure::Misread), 0, "{found:?}");
    assert_worse_by_weight(clean, &scan);
}

#[test]
fn a_word_of_another_language_is_none_of_this_one() {
    // "foi" and "sim" are Portuguese words.
    let scan = ENGLISH
        .replace("for a jar", "foi a jar")
        .replace("for thirty", "foi thirty");
    let found = damages(&[ENGLISH, &scan]);
    assert!(found[1].get(Figure::Misread) >= 1, "{found:?}");
    assert_worse_by_weight(ENGLISH, &scan);
}

#[test]
fn spots_that_a_scan_reads_are_no_text_and_labels_are() {
    let spotted = ENGLISH.replace(" In May", " ¦ f\\ *m « w ^J i*r mw In May");
    let found = damages(&[ENGLISH, &spotted]);
    assert_eq!(found[0].weight(), 0, "{found:?}");
    assert!(found[1].get(Figure::Stray) > 3, "{found:?}");
    let labelled = "We need three things: (x) a boat, (y) a pier, (z) a man who can row. He must be at the pier by six.";
    let bare = labelled
        .replace("(x) ", "")
        .replace("(y) ", "")
        .replace("(z) ", "");
    assert_eq!(damages(&[labelled, &bare])[0].get(Figure::Stray), 0);
}

#[test]
fn a_digit_in_the_place_of_a_mark_is_misread_and_a_number_is_none() {
    let clean = "Stay there! cried the man on the bridge. Nobody heard him, and the boat went on down the river to the sea.";
    assert_worse_by_weight(clean, &clean.replace("there!", "there 1"));
    let counted = clean.replace("the boat", "the 4 boats");
    let lost = clean.replace("the boat", "the boats");
    assert_eq!(damages(&[&counted, &lost])[1].get(Figure::Numbers), 1);
}

#[test]
fn a_measure_that_one_copy_lacks_behind_its_number_is_lost() {
    let with =
        "7月20日，打井队进了村。我们8月3日再去的时候，30口井都出了水，全村的人都提着桶出来看。";
    let without = with.replace("月", "").replace("30口", "30");
    assert_worse(with, &without, Figure::Lost, 3);
}

#[test]
fn another_spelling_of_a_letter_is_no_misreading() {
    let old = "Na wrchu stála weliká wěž, w níž žil starý wládce. Wšecko, co widěl, bylo jeho, a wěděl to každý, kdo kolem šel.";
    let new = old.replace('w', "v").replace('W', "V");
    let found = damages(&[old, &new]);
    assert_eq!(
        (found[0].get(Figure::Misread), found[1].get(Figure::Misread)),
        (0, 0)
    );
    let misread = ENGLISH.replace("he", "be");
    assert!(damages(&[ENGLISH, &misread])[1].get(Figure::Misread) > 3);
}

#[test]
fn an_f_for_the_long_s_of_older_print_is_misread() {
    // Words of a language in an older spelling, which no table contains.
    let clean = "Pervi dan so shli sosedje sa goro, kjer stoji stara hisha. Tam so nashli psa, ki je lesal v senzi ino spal. \
        Starizh se je smejal ino djal, de je pes sposnal svojega gospoda.";
    let scan = clean.replace('s', "f");
    assert_worse_by_weight(clean, &scan);
}

#[test]
fn where_a_page_was_cut_is_no_damage_and_a_sentence_is() {
    let page = format!("241 A HISTORIE OF BEES supper. {ENGLISH}");
    let found = damages(&[ENGLISH, &page]);
    assert!(found[0].get(Figure::Lost) <= 6, "{found:?}");
    assert!(found[1].get(Figure::Furniture) >= 17, "{found:?}");
    let broken = ENGLISH.strip_suffix(" of the old honey.").unwrap();
    assert_eq!(
        damages(&[broken, &format!("{broken} of the")])[0].get(Figure::Lost),
        0
    );
    assert!(damages(&[broken, ENGLISH])[0].get(Figure::Lost) > 10);
}

/// The shortest time of a few measurements.
fn seconds(texts: &[String]) -> f64 {
    let once = || {
        let start = Instant::now();
        measure(texts.iter().map(|text| Cow::Borrowed(text.as_str())));
        start.elapsed().as_secs_f64()
    };
    (0..3).map(|_| once()).fold(f64::INFINITY, f64::min)
}

/// `copies` copies of a text of `sentences` sentences, each with a wrong letter in every fourth sentence.
fn wrong_copies(copies: usize, sentences: usize) -> Vec<String> {
    let copy = |number: usize| {
        let sentence = |at: usize| {
            let right = format!("{at} {ENGLISH}");
            if !(at + number).is_multiple_of(4) {
                return right;
            }
            let wrong = ["keeper", "thirty", "village", "county", "places"];
            right.replace(wrong[(at * number) % wrong.len()], "kcepcr")
        };
        (0..sentences).map(sentence).collect::<Vec<_>>().join("\n")
    };
    (0..copies).map(copy).collect()
}

#[test]
fn cost_grows_with_the_text_of_a_cluster() {
    // A text that is eight times as long may take forty times as long, on a machine that does other work too. With quadratic cost, it would
    // take sixty-four times as long.
    for (few, many) in [((25, 3), (200, 3)), ((2, 400), (2, 3200))] {
        let (few, many) = (wrong_copies(few.0, few.1), wrong_copies(many.0, many.1));
        let (few, many) = (seconds(&few), seconds(&many));
        assert!(many < 40.0 * few, "{few} {many}");
    }
}

#[test]
fn a_row_of_signs_across_the_page_is_no_markup() {
    for sign in ["=", "*", "_", "~", "-"] {
        let ruled = ENGLISH.replacen(". In May", &format!(".\n{}\nIn May", sign.repeat(40)), 1);
        let found = damages(&[ENGLISH, &ruled]);
        assert_eq!(found[1].get(Figure::Markup), 0, "{sign}: {:?}", found[1]);
    }
}

/// If each sign took a pass over the rest, these lengths would take hours.
#[test]
fn rows_of_signs_that_may_begin_markup_cost_their_length() {
    for sign in ["=", "[", "*"] {
        let row = format!("{ENGLISH}\n{}", sign.repeat(1 << 19));
        assert_eq!(damages(&[ENGLISH, &row]).len(), 2);
    }
}

#[test]
fn the_first_line_of_a_text_is_quoted_like_the_others() {
    let quoted = format!("> {ENGLISH}");
    let found = damages(&[ENGLISH, &quoted]);
    assert!(found[1].get(Figure::Quoted) > 0, "{:?}", found[1]);
    assert_eq!(found[1].get(Figure::Stray), 0, "{:?}", found[1]);
}

#[test]
fn a_copy_that_ends_before_a_word_has_no_vote_on_it() {
    let other = ENGLISH.replace("the old honey", "the odd honey");
    assert_ne!(other, ENGLISH);
    let half = &ENGLISH[..ENGLISH.len() / 2];
    let with = |excerpts: &[&str]| {
        let texts = [&[ENGLISH, &other, &other], excerpts].concat();
        let found = damages(&texts);
        [0, 1, 2].map(|copy| found[copy].get(Figure::Misread))
    };
    assert_eq!(with(&[]), with(&[half, &half[..half.len() - 9]]));
}

#[test]
fn figures_are_in_the_order_of_their_table() {
    for (place, figure) in Figure::all().enumerate() {
        assert_eq!(figure as usize, place, "{figure}");
    }
}

proptest! {
    #[test]
    fn no_text_is_an_error(texts in prop::collection::vec("\\PC{0,80}", 0..5)) {
        let borrowed: Vec<&str> = texts.iter().map(String::as_str).collect();
        prop_assert_eq!(damages(&borrowed).len(), texts.len());
    }

    #[test]
    fn markup_of_any_kind_is_no_error(text in "[<>&;{}\\[\\]|\\\\*='_#~a-c \n铜é(:/)-]{0,60}") {
        damages(&[&text, "a plain text"]);
    }

    #[test]
    fn words_are_cut_anywhere(words in prop::collection::vec("[a-z]{1,6}|[0-9]{1,3}|[一-三]|\\.|\n|>", 1..60), from in 0_usize..60, to in 0_usize..60) {
        let text = words.join(" ");
        let (from, to) = (from.min(words.len()), to.min(words.len()));
        let rest = [&words[..from.min(to)], &words[from.max(to)..]].concat().join(" ");
        let found = damages(&[&text, &rest]);
        prop_assert_eq!(found.len(), 2);
        // If the copies are exchanged, the same copy ranks first, or they are equal.
        let swapped = damages(&[&rest, &text]);
        prop_assert_eq!(swapped.len(), 2);
    }
}
