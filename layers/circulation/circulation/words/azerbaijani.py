"""What readers see in Azerbaijani."""
# ruff: noqa: RUF001  the language has an i without a dot

TEXTS = {
    "number.group": ".",
    "digest.more": "{title} və daha {number} xəbər",
    "digest.numbers": "bir, iki, üç, dörd, beş, altı, yeddi, səkkiz, doqquz, on, on bir",
    "digest.date": "{weekday}, {date}",
    "digest.most_read.daily": "Dünəndən bəri ən çox oxunanlar",
    "digest.most_read.weekly": "Bu həftə ən çox oxunanlar",
    "digest.views.one": "{number} baxış",
    "digest.views.other": "{number} baxış",
    "digest.why.daily": (
        "Bu məktubu hər gün saat {time}-da alırsınız ({sections}), çünki onu istəmisiniz{on}."
    ),
    "digest.why.weekly": (
        "Bu məktubu hər həftə ({weekday}) saat {time}-da alırsınız ({sections}), "
        "çünki onu istəmisiniz{on}."
    ),
    "digest.on": " ({date})",
    "digest.all_sections": "bütün bölmələrdən",
    "digest.some_sections": "bölmələr: {sections}",
    "digest.preferences": "Bölmələr və tezlik",
    "digest.unsubscribe": "Abunəlikdən çıxmaq",
    "digest.web": "Saytda oxumaq",
    "digest.archive.daily": "Hər gün",
    "digest.archive.weekly": "Hər həftə",
    "digest.archive.title": "Xülasələr",
    "digest.archive.none": "Hələ heç bir xülasə göndərilməyib.",
    "feed.section": "{name} (bölmə)",
    "feed.tag": "{name} (mövzu)",
    "feed.author": "{name} (müəllif)",
    "feed.popular": "Ən çox oxunanlar ({window})",
    "feed.popular_section": "Ən çox oxunanlar: {section} ({window})",
    "feed.sections": "Bölmələr",
    "feed.tags": "Mövzular",
    "feed.authors": "Müəlliflər",
    "months": ("yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr"),
    "weekdays": "bazar ertəsi, çərşənbə axşamı, çərşənbə, cümə axşamı, cümə, şənbə, bazar",
    "mail.all_sections": "bütün bölmələr",
    "mail.sections.one": "bir bölmə",
    "mail.sections.other": "{number} bölmə",
    "mail.and": "{first} və {last}",
    "mail.digest.daily": "gündəlik icmal",
    "mail.digest.weekly": "həftəlik icmal",
    "mail.moment": "{date}, saat {time}",
    "confirmation.subject": "Siz idiniz? Zəhmət olmasa, təsdiq edin",
    "confirmation.title": "Zəhmət olmasa, təsdiq edin",
    "confirmation.heading": "Siz idiniz?",
    "confirmation.preview": "Bir düymə ilə icmal başlayır. 24 saat qüvvədədir.",
    "confirmation.asked": (
        "Kimsə bu ünvana {digest} göndərməyi xahiş edib ({sections}). Bu siz idinizsə, "
        "düymənin açdığı səhifədə təsdiq edin:"
    ),
    "confirmation.asked_text": (
        "Kimsə bu ünvana {digest} göndərməyi xahiş edib ({sections}). Bu siz idinizsə, bu "
        "səhifəni açıb düyməni basın:"
    ),
    "confirmation.button": "Abunəliyi təsdiq et",
    "confirmation.address": "Və ya bu ünvanı açın:",
    "confirmation.otherwise": (
        "Bu siz deyildinizsə, heç nə etməyin: başqa məktub gəlməyəcək, ünvan 24 saatdan sonra "
        "silinəcək."
    ),
    "confirmation.why": (
        "Bu tək məktubu ona görə alırsınız ki, ünvanınız {site} saytının formasına {moment} "
        "yazılıb."
    ),
    "subscribe.kicker": "Bizimlə əlaqədə olun",
    "subscribe.heading": "Son xəbərləri və yenilikləri alın",
    "subscribe.lead": (
        "Yeni və ən çox oxunan yazılar bir məktubda. Yenilik olmayanda məktub da olmur."
    ),
    "subscribe.address": "E-poçtunuz",
    "subscribe.often": "Nə qədər tez-tez",
    "subscribe.daily": "Hər gün saat {hour}",
    "subscribe.weekly": "Hər {weekday} saat {hour}",
    "subscribe.sections": "Hansı bölmələrdən",
    "subscribe.consent": (
        "Düyməni basanda bunun siz olduğunuzu soruşan bir məktub göndəririk. İcmal yalnız "
        "sizin razılığınızla başlayır. Ünvanınızı, seçimlərinizi və nə vaxt razılıq "
        "verdiyinizi saxlayırıq; şəbəkə ünvanınızı və nəyi açdığınızı saxlamırıq."
    ),
    "subscribe.button": "Abunə ol",
    "subscribe.faults.one": "Bir şeyi düzəldin",
    "subscribe.faults.other": "{number} şeyi düzəldin",
    "subscribe.no_address": "Ünvanı bütöv yazın, məsələn, sam@mail.example.",
    "subscribe.no_frequency": "Nə qədər tez-tez olacağını seçin.",
    "subscribe.no_section": "Ən azı bir bölmə seçin.",
    "subscribe.sent": "Poçt qutunuza baxın",
    "subscribe.sent_text": (
        "{address} ünvanını abunə etmək mümkündürsə, ora məktub gedir. 24 saat ərzində oradakı "
        "düyməni basın; o vaxta qədər heç nə göndərilmir."
    ),
    "subscribe.sent_note": (
        "On dəqiqədən sonra da yoxdur? İstənməyən məktublar arasında “{title}” axtarın. Bu "
        "forma neçə dəfə göndərilsə də, gündə ən çox bir dəfə yazırıq."
    ),
    "subscribe.another": "Başqa ünvan",
    "subscription.kicker": "Abunəliyiniz",
    "subscription.again": "Yenidən istəyin",
    "confirm.heading": "Siz idiniz?",
    "confirm.asked": (
        "Kimsə {moment} xahiş edib ki, {address} ünvanına {title} saytından {digest} "
        "göndərilsin ({sections})."
    ),
    "confirm.button": "Bəli, icmalı mənə göndərin",
    "confirm.note": (
        "Bu siz deyildinizsə, səhifəni bağlayın: heç nə göndərilmir, ünvan 24 saatdan sonra "
        "silinir."
    ),
    "confirm.done": "Xoş gəldiniz",
    "confirm.next": "O vaxta qədər yenilik olsa, ilk icmal {date}, {weekday}, saat {hour} gələcək.",
    "confirm.choose": "Bölmələri və tezliyi seçin",
    "confirm.ended": "Bu keçid artıq işləmir",
    "confirm.ended_text": "O, 24 saat qüvvədə idi və ya artıq istifadə olunub. Heç nə saxlanmadı.",
    "preferences.heading": "{address} ünvanına göndərdiklərimiz",
    "preferences.pause": "Fasilə",
    "preferences.pause.none": "Fasiləsiz",
    "preferences.pause.week": "Bir həftəlik",
    "preferences.pause.month": "Bir aylıq",
    "preferences.pause.forever": "Mən buraya qayıdana qədər",
    "preferences.pause.kept": "Olduğu kimi, bu tarixə qədər: {date}",
    "preferences.button": "Yadda saxla",
    "preferences.saved": "Saxlanıldı.",
    "preferences.saved_next": "Növbəti icmal {date}, {weekday}, saat {hour} gələcək ({sections}).",
    "preferences.saved_paused": "Burada dəyişənə qədər icmal gəlməyəcək.",
    "preferences.not_saved": "Saxlanılmadı",
    "preferences.no_section": "Ən azı bir bölmə seçin və ya aşağıda abunəlikdən çıxın.",
    "preferences.gone": (
        "Bu keçid artıq abunəliyi açmır: abunəlik bitib və ya keçid bütöv deyil. Onu son "
        "icmaldan köçürün və ya yenidən abunə olun."
    ),
    "preferences.subscribe": "Yenidən abunə ol",
    "preferences.unsubscribe": "Abunəlikdən çıx",
    "preferences.export": "Bu ünvan haqqında saxlanılan hər şey (JSON)",
    "preferences.note": "Bu səhifə keçidi olan hər kəs üçün açılır: məktubu başqasına ötürməyin.",
    "unsubscribe.heading": "Daha məktub gəlməsin?",
    "unsubscribe.heading_address": "{address} ünvanına daha məktub gəlməsin?",
    "unsubscribe.button": "Abunəlikdən çıx",
    "unsubscribe.less": "Daha seyrək və ya fasilə",
    "unsubscribe.note": (
        "Ünvan dərhal silinir. Yalnız səhvən yazmağımızın qarşısını alan kod qalır."
    ),
    "unsubscribe.done": "Hazırdır: daha məktub yoxdur",
    "unsubscribe.done_text": (
        "Ünvan silindi. Elə bu dəqiqə göndərilən icmal hələ gələ bilər; ondan sonra heç biri."
    ),
    "unsubscribe.mistake": "Səhv idi: yenidən abunə ol",
    "unsubscribe.already": "Bitirməyə bir şey yoxdur",
    "unsubscribe.already_text": (
        "Bu keçid artıq heç bir abunəliyə aid deyil. Yenə məktub gəlsə, STOP sözü ilə cavab "
        "yazın: onu insan oxuyur."
    ),
    "question.preview": "Bir düymə ilə dostunuz bir məktub alır. 24 saat qüvvədədir.",
    "question.asked": (
        "Kimsə bu ünvanın adından “{title}” yazısını bir dosta tövsiyə etməyi xahiş edib. Bu siz "
        "idinizsə, düymənin açdığı səhifədə təsdiq edin:"
    ),
    "question.asked_text": (
        "Kimsə bu ünvanın adından “{title}” yazısını bir dosta tövsiyə etməyi xahiş edib. Bu siz "
        "idinizsə, bu səhifəni açıb düyməni basın:"
    ),
    "question.button": "Bax və təsdiq et",
    "question.otherwise": (
        "Bu siz deyildinizsə, heç nə etməyin: heç kim məktub almayacaq, hər iki ünvan 24 saatdan "
        "sonra silinəcək."
    ),
    "recommendation.kicker": "Tövsiyə",
    "recommendation.heading": "{name} bir yazını tövsiyə edir",
    "recommendation.greeting": "Hörmətli {friend},",
    "recommendation.sentence": "Düşündüm ki, bu sizin üçün maraqlı olar:",
    "recommendation.why": (
        "Bu tək məktubu ona görə alırsınız ki, {name} ({address}) ünvanınızı {site} saytının "
        "formasına yazıb və təsdiq edib. Biz heç bir ünvanı saxlamırıq."
    ),
    "recommendation.refuse": "Mənə daha heç vaxt tövsiyə göndərməyin",
    "recommend.kicker": "Xəbəri dosta tövsiyə et",
    "recommend.heading": "Bunu dosta tövsiyə et",
    "recommend.you": "Siz",
    "recommend.friend": "Dostunuz",
    "recommend.name": "Adınız",
    "recommend.address": "E-poçtunuz",
    "recommend.friend_name": "Dostunuzun adı",
    "recommend.friend_address": "Dostunuzun e-poçtu",
    "recommend.no_name": "Siz kimsiniz? Adınızı yazın.",
    "recommend.no_address": "Ünvanı bütöv yazın, məsələn, sam@mail.example.",
    "recommend.no_friend_name": "Kimin üçündür? Dostunuzun adını yazın.",
    "recommend.no_friend_address": "Ünvanı bütöv yazın, məsələn, robin@mail.example.",
    "recommend.link_in_name": "Adda keçid olmur.",
    "recommend.odd_name": "Adı bir sətirdə, ən çox {number} hərflə yazın.",
    "recommend.several": "Hər dəfə bir dost: bir ünvan yazın.",
    "recommend.button": "Təsdiqimdən sonra göndər",
    "recommend.note": (
        "Əvvəlcə sizə yazırıq. Yalnız həmin məktubdakı düyməni basanda dostunuz bir məktub alır: "
        "dəyişməz mətn, adınız və ünvanınız, reklamsız. Heç bir ünvan bir gündən artıq "
        "saxlanmır; yalnız dostunuzun sonrakı məktublardan imtina etdiyi kod qalır."
    ),
    "recommend.sent": "Poçt qutunuza baxın",
    "recommend.sent_text": (
        "{address} ünvanına məktub gedir. 24 saat ərzində oradakı düyməni basın, {friend} məktubu "
        "alacaq; əks halda heç kim almayacaq."
    ),
    "recommend.sent_note": (
        "On dəqiqədən sonra da yoxdur? İstənməyən məktublar arasında “{title}” axtarın. Gündə ən "
        "çox {number} dəfə yazırıq, imtina etmiş ünvana isə heç yazmırıq."
    ),
    "recommend.article": "Yazıya qayıt",
    "recommend.question": "Məktub göndərilsin?",
    "recommend.asked": (
        "Kimsə {moment} {name} adından “{title}” yazısını {friend}, {friend_address} üçün tövsiyə "
        "etməyi xahiş edib."
    ),
    "recommend.yes": "Bəli, göndərin",
    "recommend.asked_note": (
        "Dostunuz içində adınız və ünvanınız olan bir məktub alır. Bu siz deyildinizsə, səhifəni "
        "bağlayın: heç nə göndərilmir."
    ),
    "recommend.done": "Təşəkkür edirik",
    "recommend.done_text": (
        "Məktubu göndərmək mümkündürsə, indi gedir: {friend}. Heç kim eyni yazını bu yolla iki "
        "dəfə almır, belə məktublardan imtina edən isə heç almır."
    ),
    "recommend.ended": "Bu keçid artıq işləmir",
    "recommend.ended_text": (
        "O, 24 saat qüvvədə idi və ya artıq istifadə olunub. Heç nə göndərilmir."
    ),
    "refuse.heading": "Daha tövsiyə gəlməsin?",
    "refuse.text": (
        "Bundan sonra kimsə ünvanınızı {title} saytının formasına yazsa da, məktub gəlməyəcək."
    ),
    "refuse.button": "Mənə daha heç vaxt yazmayın",
    "refuse.note": (
        "Ünvanınızın kodunu saxlayırıq, ondan ünvanı oxumaq olmur. Abunə olduğunuz icmal bununla "
        "bitmir."
    ),
    "refuse.done": "Hazırdır: daha tövsiyə yoxdur",
    "refuse.done_text": "Artıq heç kim sizin ünvanınıza tövsiyə göndərə bilməz.",
    "refuse.nobody": "Bu keçid bütöv deyil",
    "refuse.nobody_text": "Onu məktubdan sonuna qədər köçürün.",
    "failure.heading": "Hələ alınmadı",
    "failure.text": "Server bunu qəbul etmədi ({status}). Heç nə dəyişmədi.",
    "failure.again": "Formaya qayıt",
    "print.updated": "Yenilənib: {moment}",
    "page.feeds": "Bütün lentlər (OPML)",
}
