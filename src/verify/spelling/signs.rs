//! Do two Chinese transcriptions represent one foreign name?
//!
//! Foreign names are written with a few hundred characters that represent syllables. Agencies and regions choose different
//! characters of one sound: 斯捷潘诺夫 and 斯捷帕诺夫. A run of such characters is a foreign name if it is longer than a Chinese name.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::normalize::Normalizer;
use crate::verify::changes::Change;

/// Characters of transcriptions by their first sound; affricates and sibilants are one sound, and r counts as l. Source: the tables
/// of Xinhua's "Names of the World's Peoples" (世界人名翻译大辞典) and the syllables of GB/T 17693.
const SIGNS: [(&str, &str); 14] = [
    ("a", "阿艾安昂奥埃爱恩厄欧翁俄伊因亚雅娅叶耶约尤英尧"),
    ("b", "巴芭柏伯贝布彼比毕碧本班邦宾鲍博波拜白勃卜"),
    ("p", "帕普佩皮彭派潘庞蓬珀泼"),
    ("m", "马玛麦迈曼芒莫墨穆米密明蒙门梅姆默缪"),
    ("f", "弗夫法菲费芬冯福富范凡佛"),
    ("w", "瓦沃维威韦温万旺武乌渥娃"),
    ("d", "德达丹道登邓迪丁杜敦顿多戴代黛狄"),
    ("t", "特塔泰坦唐陶滕廷汀图吐通托蒂铁提汤"),
    ("n", "纳娜奈南内嫩尼妮宁纽努农诺瑙涅聂"),
    (
        "l",
        "拉莱兰朗劳勒伦利莉林龙罗洛卢鲁路露里丽琳雷蕾赖列连留尔瑞",
    ),
    ("g", "加盖甘冈高格根戈古圭贡戛噶"),
    ("k", "卡凯坎康考克肯科库孔奎夸昆寇基"),
    ("h", "哈海汉亨赫希黑霍胡惠洪"),
    (
        "s",
        "贾佳詹吉季杰捷津久居琼乔查昌彻奇切契沙莎绍舍申先希谢欣舒肖什雪萨桑索斯丝苏松森塞赛西锡扎赞泽曾宗祖佐兹采策茨岑慈楚",
    ),
];

/// Minimum characters of a name that is longer than a Chinese one.
const MIN_NAME: usize = 4;

/// Maximum characters on either side in which the end of a name is looked for.
const LONGEST_NAME: usize = 12;

/// Maximum characters of a change for which the rest of the name shows that it is a name.
const MAX_CHANGED: usize = 2;

/// The sounds of each folded sign: 希 represents hi and xi.
static SOUNDS: LazyLock<HashMap<char, Vec<&str>>> = LazyLock::new(|| {
    let normalizer = Normalizer::new();
    let mut sounds: HashMap<char, Vec<&str>> = HashMap::new();
    for (sound, signs) in SIGNS {
        for sign in normalizer.fold(signs).chars() {
            sounds.entry(sign).or_default().push(sound);
        }
    }
    sounds
});

fn have_one_sound(left: char, right: char) -> bool {
    let sounds = SOUNDS.get(&left).zip(SOUNDS.get(&right));
    sounds.is_some_and(|(l, r)| l.iter().any(|sound| r.contains(sound)))
}

/// Does a change inside a foreign name replace characters by others with the same first sounds?
pub(super) fn are_one_name(left: &[char], right: &[char], change: &Change) -> bool {
    let (own, others) = (&left[change.0.clone()], &right[change.1.clone()]);
    let same_sounds = own.len() == others.len()
        && own.len() <= MAX_CHANGED
        && own.iter().zip(others).all(|(&l, &r)| have_one_sound(l, r));
    // The text around a change is the same in both texts.
    same_sounds && name_around(left, &change.0) >= MIN_NAME
}

/// Number of characters of the name that contains a range.
fn name_around(text: &[char], range: &std::ops::Range<usize>) -> usize {
    let is_sign = |sign: &&char| SOUNDS.contains_key(*sign);
    let before = text[..range.start].iter().rev().take(LONGEST_NAME);
    let behind = text[range.end..].iter().take(LONGEST_NAME);
    before.take_while(is_sign).count() + range.len() + behind.take_while(is_sign).count()
}
