//! Passwords that have to be refused and passphrases that have to be taken, for one person at one place.

use loa_domain::ids::UserId;
use loa_domain::people::{User, UserStatus};
use loa_domain::time::Moment;

use super::own_words::OwnWords;
use super::password_rules::check;
use crate::Error;
use crate::error::Weakness;

const REFUSED: &[&str] = &[
    "P@ssw0rd2026",
    "M@tkhau@2026",
    "Haitien@123456",
    "036085001234",
    "Hai Tien 2026!",
    "tranthilanh1990",
    "Lanh.Tran@2026!",
    "TranLanh@123456",
    "lanhtt@2026!!!",
    "L4nhTr4n1990!",
    "thilanh20111990",
    "lanh.tran-xyz-1",
    "tran thi lanh 1990",
    "UBND xã Hải Tiến",
    "ubndxahaitien2026",
    "UBND@haitien2026",
    "Xa.Hai.Tien.2026",
    "XaHaiTien@0912345678",
    "H@iti3n-2026-xa",
    "Hải Tiến Ninh Bình 2026",
    "Congthongtin@2026",
    "Cổng thông tin điện tử",
    "Admin@123456789",
    "Quantri@haitien1",
    "Loa@2026haitien!",
    "matkhau12345",
    "Mật khẩu 2026!!",
    "M4t kh4u moi 2026",
    "m.a.t.k.h.a.u.2026",
    "matkhaucuatoi1",
    "khongcomatkhau",
    "anhyeuem123456",
    "Nguyenvan@2026",
    "vietnamvietnam2025",
    "Namdinh@2026!!",
    "NinhBinh#2026!",
    "Hanoi1010Saigon1975",
    "passwordpassword1",
    "Passw0rd!Passw0rd!",
    "adminadmin2026!",
    "letmein123456",
    "iloveyou2026!!",
    "Welcome@Admin1",
    "Qwertyuiop123!",
    "1qaz2wsx3edc4rfv",
    "abcdefghijklmnop",
    "Abc@12345678",
    "sunshinesunshine",
    "aaaaaaaabbbb",
    "hahahahahahaha",
    "123456789012",
    "987654321098",
    "121212121212",
    "0912345678 0912345678",
    "20/11/1990-20/11/2026",
    "!@#$%^&*()_+-=",
    "Tháng 11/2026!!!",
    "Mùa xuân 2026!",
    "ngắn quá",
    "11 ký tự nè",
    "loa-demo-2026-mat-khau",
];

const TAKEN: &[&str] = &[
    "con trâu ăn cỏ bờ đê",
    "con trau an co bo de",
    "contrauancobode",
    "ba con mèo đen ngủ trưa",
    "ba con meo den ngu trua",
    "mưa rơi trên mái lá cọ",
    "mua roi tren mai la co",
    "chín cây cầu vượt sông",
    "chin cay cau vuot song",
    "gió thổi cánh diều bay cao",
    "gio-thoi-canh-dieu-bay-cao",
    "bà kể chuyện đêm trăng rằm",
    "ba ke chuyen dem trang ram",
    "cá nhảy sóng vỗ mạn thuyền",
    "ca nhay song vo man thuyen",
    "cơm trắng cá kho quả cà",
    "com trang ca kho qua ca",
    "em bé cười dưới gốc đa",
    "em be cuoi duoi goc da",
    "đường xa vạn dặm mỏi chân",
    "duong xa van dam moi chan",
    // syllables of the person's own name and place, as ordinary words
    "đất lành chim đậu bên sông",
    "biển hải âu bay tiến về đảo",
    "trần nhà cao có con thạch sùng",
    "tiền nào của nấy chợ quê",
    // with words that everybody tries among others
    "một mật khẩu mới rất dài",
    "mot mat khau khac hoan toan",
    "tỉnh giấc nghe tiếng gà gáy",
    "chiếc loa cũ hát bài dân ca",
    // made by a machine
    "kR9-vu2_qqLxTw",
    "vxqhtzbwkpmd",
    "Ghế7 xanh-Lửng lơ_trôi",
];

fn own() -> OwnWords {
    let mut own = OwnWords::of_person(&User {
        id: UserId::from_uuid(uuid::Uuid::from_u128(1)),
        email: "lanh.tran@haitien.example".to_owned(),
        name: "Trần Thị Lành".to_owned(),
        status: UserStatus::Active,
        has_password: false,
        created_by: None,
        created_at: Moment::new(chrono::DateTime::UNIX_EPOCH),
        version: 1,
    });
    for place in [
        "Xã Hải Tiến",
        "hai-tien",
        "Trang thông tin xã Hải Tiến",
        "Tỉnh Ninh Bình",
    ] {
        own.add_place(place);
    }
    own
}

fn why(password: &str) -> Option<Weakness> {
    match check(password, &own(), "/password") {
        Ok(()) => None,
        Err(Error::WeakPassword { why, .. }) => Some(why),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn what_everybody_guesses_is_refused() {
    assert!(REFUSED.len() >= 40);
    let passed: Vec<&&str> = REFUSED.iter().filter(|p| why(p).is_none()).collect();
    assert!(passed.is_empty(), "{passed:?}");
}

#[test]
fn passphrases_of_common_syllables_are_taken() {
    assert!(TAKEN.len() >= 20);
    let refused: Vec<_> = TAKEN
        .iter()
        .filter_map(|password| why(password).map(|why| (password, why)))
        .collect();
    assert!(refused.is_empty(), "{refused:?}");
}

#[test]
fn the_reason_is_told() {
    for (password, reason) in [
        ("ngắn quá", Weakness::TooShort),
        ("Haitien@123456", Weakness::OwnWords),
        ("036085001234", Weakness::OwnWords),
        ("sunshinesunshine", Weakness::Guessable),
    ] {
        assert_eq!(why(password), Some(reason), "{password}");
    }
    assert_eq!(why(&"dài".repeat(50)), Some(Weakness::TooLong));
    assert_eq!(why(&"\u{fdfa}".repeat(10_000)), Some(Weakness::TooLong));
    assert_eq!(why(&"con trâu ".repeat(14)), None, "126 characters");
}

/// The longest passwords, of what is dearest to estimate.
#[test]
fn no_password_costs_much_to_look_at() {
    for piece in [
        "4@8({[<369&#!1|/+$5%2",
        "password",
        "aA1!",
        "12/12/2012",
        "\u{fdfa}",
        "qwer1234",
        "0",
        "a0",
    ] {
        let long: String = piece.chars().cycle().take(128).collect();
        let begun = std::time::Instant::now();
        why(&long);
        let took = begun.elapsed();
        println!("{piece}: {took:?}");
        assert!(
            took < std::time::Duration::from_secs(2),
            "{piece}: {took:?}"
        );
    }
}
