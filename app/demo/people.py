"""The invented people of the demo: their cards, by the key under which the demo's other texts name them."""

from __future__ import annotations

from app.people.rules import Card

LANGUAGE_COURSE = "سؤال عن دورة اللغة، ونتّصل لاحقًا."
LIBRARY = "من مكتبة الحيّ، بخصوص كتاب محجوز."
HANG_UP = "لا شيء: إغلاق الخط بهدوء دون كلام."
DENTIST = "تأكيد موعد عند طبيب الأسنان."
EVENINGS = "بعد السادسة مساءً"

# Jerusalem: the group that meets now.
OLIVE = {
    "noor": Card(
        name="Noor",
        address="ask",
        channel="signal",
        number="0500 000 001",
        hours="كل يوم بين الرابعة والثامنة مساءً",
        if_another_answers=LIBRARY,
        age="25-34",
        area="بيت حنينا",
        remark="حساسية من المكسّرات: ننتبه للضيافة.",
    ),
    "tala": Card(
        name="Tala",
        address="f",
        channel="whatsapp",
        number="050-000-0002",
        hours="أيام الدراسة حتى الثانية ظهرًا",
        if_another_answers=LANGUAGE_COURSE,
        age="18-24",
        area="شعفاط",
    ),
    "reem": Card(
        name="ريم",
        address="f",
        channel="signal",
        number="+972 50 000 0003",
        hours=EVENINGS,
        if_another_answers=HANG_UP,
        age="25-34",
        area="الشيخ جراح",
    ),
    "karam": Card(
        name="كرم",
        address="m",
        channel="call",
        number="٠٥٠٠ ٠٠٠ ٠٠٤",
        hours="صباحًا قبل العاشرة فقط",
        if_another_answers=DENTIST,
        age="35-44",
        area="الثوري",
    ),
    "shams": Card(
        name="شمس",
        address="p",
        channel="signal",
        number="+970 500 000 005",
        hours="في أي وقت ما عدا الجمعة",
        if_another_answers=LIBRARY,
        age="18-24",
        area="كفر عقب",
        remark="المرور من الحاجز: يُتوقّع تأخّر أيام الأحد.",
    ),
    "yara": Card(
        name="يارا",
        address="f",
        channel="email",
        number="yara.demo@example.org",
        hours="الردّ خلال يومين",
        age="25-34",
        area="وادي الجوز",
    ),
    "wisam": Card(
        name="وسام",
        address="m",
        channel="sms",
        number="0500 000 007",
        hours="بعد انتهاء الوردية، العاشرة ليلًا",
        if_another_answers=HANG_UP,
        age="35-44",
        area="صور باهر",
    ),
    "majd": Card(
        name="مجد",
        address="m",
        channel="signal",
        number="0500 000 008",
        hours="الثلاثاء والخميس مساءً",
        if_another_answers=LANGUAGE_COURSE,
        age="18-24",
        area="العيساوية",
        remark="السكن مع العائلة: لا مكالمات صوتية، الكتابة فقط.",
    ),
    "lamar": Card(
        name="لمار",
        address="f",
        channel="whatsapp",
        number="0500 000 009",
        hours=EVENINGS,
        may_leave_message=True,
        age="25-34",
        area="بيت صفافا",
    ),
    "saba": Card(
        name="صبا",
        address="f",
        channel="signal",
        number="0500 000 010",
        hours="بين الواحدة والثالثة",
        age="25-34",
        area="الطور",
    ),
    "adam": Card(name="آدم", address="m", channel="call", number="0500 000 011", age="18-24"),
    "hani": Card(
        name="هاني",
        address="m",
        channel="other",
        number="عن طريق الميسّرة بعد اللقاء",
        age="45+",
        area="البلدة القديمة",
    ),
    "bisan": Card(
        name="بيسان",
        address="f",
        channel="signal",
        number="0500 000 013",
        hours="الصباح كلّه",
        if_another_answers=LIBRARY,
        age="25-34",
        area="سلوان",
    ),
    "nada": Card(name="ندى"),
}

# Jerusalem: the group that ended last month.
PINE = {
    "ghaith": Card(name="غيث", address="m", channel="signal", number="0500 000 021", age="25-34"),
    "mays": Card(
        name="ميس", address="f", channel="whatsapp", number="0500 000 022", hours=EVENINGS
    ),
    "dana": Card(name="دانا", address="f", age="35-44", area="بيت حنينا"),
    "siraj": Card(
        name="سراج",
        address="m",
        channel="call",
        number="0500 000 024",
        if_another_answers=DENTIST,
        age="25-34",
    ),
    "tayf": Card(name="طيف", address="ask", channel="signal", number="0500 000 025", age="18-24"),
    "hiba": Card(name="هبة", address="f", channel="sms", number="0500 000 026", age="18-24"),
    "qais": Card(name="قيس", address="m", channel="signal", number="0500 000 027", age="25-34"),
    "joud": Card(name="جود", address="p", age="18-24", area="رأس العامود"),
    "lina": Card(name="Lina", address="f", channel="email", number="lina.demo@example.org"),
    "ayham": Card(name="أيهم", address="m", channel="call", number="0500 000 030", age="45+"),
}

# Jerusalem: known to the desk, in no group.
DESK = {
    "ola": Card(
        name="عُلا",
        address="f",
        channel="signal",
        number="0500 000 031",
        hours="الأربعاء فقط",
        age="35-44",
    ),
    "noor-sh": Card(name="نور ش.", address="f", area="أبو ديس"),
    "sam": Card(name="Sam", channel="signal", number="0500 000 033", do_not_contact=True),
}

# Ramallah: the group that begins in January, and those who wait for it.
ALMOND = {
    "sama": Card(
        name="سما",
        address="f",
        channel="signal",
        number="+970 500 000 041",
        hours=EVENINGS,
        if_another_answers=LANGUAGE_COURSE,
        age="18-24",
        area="البيرة",
    ),
    "layan": Card(name="ليان", address="f", channel="whatsapp", number="0500 000 042"),
    "kinan": Card(
        name="كنان",
        address="m",
        channel="signal",
        number="0500 000 043",
        hours="قبل الظهر",
        if_another_answers=HANG_UP,
        age="25-34",
        area="بيرزيت",
    ),
    "yazan": Card(name="يزن", address="m", channel="call", number="0500 000 044", age="18-24"),
    "raghad": Card(
        name="رغد",
        address="f",
        channel="signal",
        number="0500 000 045",
        hours="من الأحد إلى الخميس، استراحة الغداء",
        may_leave_message=True,
        age="25-34",
        area="رام الله التحتا",
    ),
    "maya": Card(name="Maya", address="f", channel="email", number="maya.demo@example.org"),
    "bahr": Card(name="بحر", address="ask", age="18-24", area="بيت لحم"),
    "taym": Card(name="تيم", address="m", channel="sms", number="0500 000 048", age="35-44"),
    "hadi": Card(
        name="هادي",
        address="m",
        channel="signal",
        number="0500 000 049",
        hours="الليل بعد التاسعة",
        if_another_answers=LIBRARY,
        age="25-34",
        area="نابلس",
    ),
    "jana": Card(name="جنى", address="f", channel="whatsapp", number="0500 000 050"),
    "iyad": Card(name="إياد", address="m", channel="call", number="0500 000 051", age="45+"),
    "rami": Card(name="Rami", address="m"),
    "farah": Card(name="فرح", address="f", channel="signal", number="0500 000 053"),
}

# Ramallah: the open discussion group; the last two came by themselves.
SAGE = {
    "ward": Card(
        name="ورد",
        address="p",
        channel="signal",
        number="0500 000 061",
        hours=EVENINGS,
        age="18-24",
        area="الخليل",
    ),
    "ghaym": Card(name="غيم", address="ask"),
    "luma": Card(name="لمى", address="f", channel="signal", number="0500 000 063", age="25-34"),
    "mazen": Card(name="مازن", address="m", age="35-44", area="جنين"),
    "sana": Card(name="سنا", address="f", channel="whatsapp", number="0500 000 065"),
    "mayar": Card(name="ميّار", channel="call", number="0500 000 066", hours="نهاية الأسبوع"),
    "jude": Card(name="Jude"),
}

JERUSALEM = OLIVE | PINE | DESK
RAMALLAH = ALMOND | SAGE
PEOPLE = JERUSALEM | RAMALLAH
NOT_COUNTED = {"karam", "hiba", "iyad", "ghaym"}  # do not agree to be counted in reports
