"""What readers see in Azerbaijani."""
# ruff: noqa: RUF001  the language has an i without a dot

TEXTS = {
    "number.group": ".",
    "number.decimal": ",",
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
    "months.short": "yan fev mar apr may iyn iyl avq sen okt noy dek",
    "weekdays.short": "B.E. Ç.A. Ç. C.A. C. Ş. B.",
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
    # The page of statistics
    "statistics.skip": "Rəqəmlərə keç",
    "statistics.name": "Statistika",
    "statistics.title": "Statistika: {name}",
    "statistics.views": "Baxışlar",
    "statistics.share": "Pay",
    "statistics.change": "Dəyişmə",
    "statistics.hits": "Sorğular",
    "statistics.new": "yeni",
    "statistics.same": "həmişəki kimi",
    "statistics.up": "artıb",
    "statistics.down": "azalıb",
    "statistics.less": "< {percent}",
    "statistics.times": "{factor}×",
    "statistics.none": "Hələ heç nə məlum deyil.",
    "statistics.other": "Digərləri",
    "statistics.others.one": "Daha {number}",
    "statistics.others.other": "Daha {number}",
    "statistics.all_sections": "Bütün bölmələr",
    "statistics.sections": "Bölmələr",
    "statistics.authors": "Müəlliflər",
    "statistics.tags": "Etiketlər",
    "statistics.dimensions": "Bölmələr, müəlliflər, etiketlər",
    "statistics.period": "Dövr",
    "statistics.unit.day": "Gün",
    "statistics.unit.week": "Həftə",
    "statistics.unit.month": "Ay",
    "statistics.unit.year": "İl",
    "statistics.weekday": "{weekday}, {date}",
    "statistics.span": "{first} – {last}",
    "statistics.subject": "{name} · {span}",
    "statistics.today": "Bu gün",
    "statistics.yesterday": "Dünən",
    "statistics.last_7": "Son 7 gün",
    "statistics.last_28": "Son 28 gün",
    "statistics.from": "Başlanğıc",
    "statistics.to": "Son",
    "statistics.apply": "Göstər",
    "statistics.print": "Çap et",
    "statistics.against": "müqayisə:",
    "statistics.against.usual.day": "adi {weekday}",
    "statistics.against.usual.week": "adi həftə",
    "statistics.against.usual.month": "adi ay",
    "statistics.against.usual.year": "adi il",
    "statistics.against.usual.range": "adi dövr",
    "statistics.against.previous.day": "əvvəlki gün",
    "statistics.against.previous.week": "əvvəlki həftə",
    "statistics.against.previous.month": "əvvəlki ay",
    "statistics.against.previous.year": "əvvəlki il",
    "statistics.against.previous.range": "əvvəlki dövr",
    "statistics.against.year": "bir il əvvəl",
    "statistics.against.weekdays": "bir il əvvəlki eyni həftə günləri",
    "statistics.against.none": "müqayisəsiz",
    "statistics.pause": "Dayandır",
    "statistics.status.live": "Canlı · {time}",
    "statistics.status.stale": "Dayanıb · {time}",
    "statistics.status.paused": "Fasilə · {time}",
    "statistics.status.past": "{time}",
    "statistics.status.loading": "Yüklənir…",
    "statistics.loading": "Rəqəmlər yüklənir…",
    "statistics.again": "İndi yenidən cəhd et",
    "statistics.ask_now": "İndi soruş",
    "statistics.stale": "Bu rəqəmlər köhnədir.",
    "statistics.stale_text": (
        "Son cavab {time} gəlib ({age}). Baxışlar sayılmaqda davam edir; səhifə hər {seconds}"
        " saniyədən bir yenidən soruşur."
    ),
    "statistics.failed": "Rəqəmlər yüklənmədi",
    "statistics.failed_text": (
        "Server saat {time} belə cavab verdi: {status}. Sayma bu səhifəsiz də davam edir, heç"
        " bir baxış itmir. Səhifə 30 saniyədən sonra özü yenidən cəhd edir."
    ),
    "statistics.operator": "Davam edərsə, sistemi idarə edənə bu nömrəni verin: {number} ({time}).",
    "statistics.unsaved": "Fayl yüklənmədi ({status})",
    "statistics.to_numbers": "Rəqəmlərə qayıt",
    "statistics.unopened": "Təfərrüatlar yüklənmədi ({status}).",
    "statistics.sign_in": "Oxuma tokeni ilə daxil olun",
    "statistics.sign_in_text": (
        "O yalnız bu vərəq üçün saxlanır və vərəqi bağlayanda unudulur. Oxuma tokeni "
        "rəqəmləri görür və heç nəyi dəyişə bilmir."
    ),
    "statistics.needs_script": (
        "Daxil olmaq üçün JavaScript lazımdır. Onsuz eyni rəqəmləri paylaşma keçidi açır: onu"
        " sistemi idarə edəndən istəyin."
    ),
    "statistics.token": "Oxuma tokeni",
    "statistics.token_unknown": (
        "Bu token tanınmır və ya ləğv edilib. Sistemi idarə edəndən yenisini istəyin."
    ),
    "statistics.token_of_other_scope": (
        "Bu token statistikanı oxuya bilmir. Sistemi idarə edəndən read icazəli token istəyin."
    ),
    "statistics.show": "Statistikanı göstər",
    "statistics.ended": "Bu keçid başa çatıb",
    "statistics.ended_text": "Onu göndərəndən yenisini istəyin.",
    "statistics.refused": "Belə səhifə yoxdur",
    "statistics.start": "Bugünkü statistika",
    "statistics.keys": "Düymələr",
    "statistics.keys.period": "Gün, həftə, ay, il",
    "statistics.keys.step": "Əvvəlki dövr, sonrakı dövr; qrafikdə onun nöqtələri",
    "statistics.keys.compare": "Nə ilə müqayisə etmək",
    "statistics.keys.find": "Siyahıda məqalə tap",
    "statistics.keys.these": "Bu düymələr",
    "statistics.keys.on": "Tək düymələr işləyir (bu brauzerdə saxlanır)",
    "statistics.close": "Bağla",
    "statistics.empty": "Hələ heç bir baxış gəlməyib",
    "statistics.empty_past": "Bu dövrdən heç bir baxış məlum deyil",
    "statistics.empty_script": (
        "Ya heç kim gəlməyib, ya da səhifələrdə skript yoxdur. Hər məqalənin səhifəsinə bu "
        "API-nin ünvanı ilə belə bir sətir lazımdır:"
    ),
    "statistics.empty_next": (
        "Belə bir məqaləni öz brauzerinizdə açın; baxış bir dəqiqə ərzində burada görünər."
    ),
    "statistics.before": "Əvvəlki dövr",
    "statistics.open_days.one": (
        "{days} (UTC) bitib, amma hələ yekunlaşmayıb: rəqəmləri bir az dəyişə bilər."
    ),
    "statistics.open_days.other": (
        "{number} gün (UTC) bitib, amma hələ yekunlaşmayıb, rəqəmləri bir az dəyişə bilər: {days}."
    ),
    "statistics.now": "indi",
    "statistics.usual": "adi",
    "statistics.lowest": "ən az",
    "statistics.highest": "ən çox",
    "statistics.chart.hour": "Saatlar üzrə baxışlar",
    "statistics.chart.day": "Günlər üzrə baxışlar",
    "statistics.chart.month": "Aylar üzrə baxışlar",
    "statistics.chart.unit.hour": "saatda baxış",
    "statistics.chart.unit.day": "gündə baxış",
    "statistics.chart.unit.month": "ayda baxış",
    "statistics.chart.axis.hour": "Saat",
    "statistics.chart.axis.day": "Gün",
    "statistics.chart.axis.month": "Ay",
    "statistics.chart.axis.minute": "Dəqiqə",
    "statistics.chart.top": "{unit}: {number}",
    "statistics.chart.band": "müqayisə olunanların ən azından ən çoxuna",
    "statistics.chart.so_far.hour": "bu saat hələlik",
    "statistics.chart.so_far.day": "bu gün hələlik",
    "statistics.chart.so_far.month": "bu ay hələlik",
    "statistics.chart.no_usual": "Adi olanı demək üçün hələ az şey məlumdur.",
    "statistics.chart.until": "saat {time} olanadək",
    "statistics.chart.above": (
        "{first}–{last} arasında hər saat müqayisə olunanların ən çoxundan çox idi."
    ),
    "statistics.chart.below": (
        "{first}–{last} arasında hər saat müqayisə olunanların ən azından az idi."
    ),
    "statistics.chart.numbers": "Rəqəmlər cədvəldə",
    "statistics.chart.numbers_of": "{title}: rəqəmlər cədvəldə",
    "statistics.hours": "{first}–{last}",
    "statistics.all_about": "Bu məqalə haqqında hər şey",
    "statistics.versions": "Variantlar",
    "statistics.since": "Nə vaxtdan",
    "statistics.changed": "Dəyişib",
    "statistics.event": "«{title}» {kinds}",
    "statistics.event.with.one": "«{title}» və daha {number} məqalə {kinds}",
    "statistics.event.with.other": "«{title}» və daha {number} məqalə {kinds}",
    "statistics.event.published": "dərc olunub",
    "statistics.event.title": "başlığı dəyişib",
    "statistics.event.section": "başqa bölməyə keçirilib",
    "statistics.event.body": "redaktə olunub",
    "statistics.event.details": "təfərrüatları dəyişib",
    "statistics.event.dated": "tarixi dəyişib",
    "statistics.event.moved": "ünvanı dəyişib",
    "statistics.event.unpublished": "dərcdən çıxarılıb",
    "statistics.event.republished": "yenidən dərc olunub",
    "statistics.event.mailed": "icmalda göndərilib",
    "statistics.now_heading": "İndi",
    "statistics.minutes": "Dəqiqələr üzrə baxışlar; son beşi tünd",
    "statistics.minutes_label": "30 dəqiqənin baxışları; tünd olan son beşində {views}.",
    "statistics.last_minutes.one": "{number} baxış, son 5 dəqiqədə",
    "statistics.last_minutes.other": "{number} baxış, son 5 dəqiqədə",
    "statistics.about_right": "Təxminidir və başqa heç bir rəqəmə daxil deyil.",
    "statistics.views_until": "Saat {time} olanadək baxışlar",
    "statistics.all_views": "İndiyədək baxış",
    "statistics.visitors": "Ziyarətçilər, UTC günləri",
    "statistics.visitors_note": "iki məqalənin oxucusu iki sayılır",
    "statistics.articles_read": "Oxunan məqalələr",
    "statistics.articles_note": "UTC günləri üzrə cəm",
    "statistics.movers": "Ən çox dəyişənlər",
    "statistics.movers_note": (
        "Son 5 dəqiqənin baxışları; dəyişmə hər məqalənin öz son yarım saatına görədir."
    ),
    "statistics.movers_none": "Son yarım saatda heç nə dəyişmədi.",
    "statistics.articles": "Məqalələr",
    "statistics.article": "Məqalə",
    "statistics.hours_24": "24 saat",
    "statistics.days": "Günlər",
    "statistics.months": "Aylar",
    "statistics.sort.views": "Baxışlar",
    "statistics.sort.gain": "Son saat",
    "statistics.sort.per_hour": "Saatda",
    "statistics.find": "Bu siyahıda tap",
    "statistics.found_none": "Bu siyahıda belə şey yoxdur.",
    "statistics.unlisted": "Siyahıda olmayan heç bir məqalənin baxışı {views}-dən çox deyil.",
    "statistics.details_of": "Təfərrüatlar: {title}",
    "statistics.age.hours.one": "{number} saat",
    "statistics.age.hours.other": "{number} saat",
    "statistics.age.days.one": "{number} gün",
    "statistics.age.days.other": "{number} gün",
    "statistics.trend.rising": "sonda artır",
    "statistics.trend.falling": "sonda azalır",
    "statistics.trend.steady": "sonda sabitdir",
    "statistics.sources": "Oxucular haradan gəlib",
    "statistics.source_kinds": "Növlər",
    "statistics.source.home": "Ana səhifə",
    "statistics.source.section": "Bölmə səhifəsi",
    "statistics.source.article": "Başqa məqalə",
    "statistics.source.search": "Axtarış",
    "statistics.source.social": "Sosial şəbəkələr",
    "statistics.source.mail": "Məktub",
    "statistics.source.feed": "Lent oxuyanlar",
    "statistics.source.share": "Oxucu ötürüb",
    "statistics.source.other": "Başqa saytlar",
    "statistics.source.others": "Başqa saytlar",
    "statistics.source.none": "Məlum deyil",
    "statistics.hosts": "Saytlar",
    "statistics.campaigns": "Kampaniyalar",
    "statistics.countries": "Ölkələr",
    "statistics.devices": "Cihazlar",
    "statistics.device.phone": "Telefon",
    "statistics.device.tablet": "Planşet",
    "statistics.device.desktop": "Kompüter",
    "statistics.device.others": "Digərləri",
    "statistics.feed_readers": "Lentlərin abunəçiləri",
    "statistics.app": "Oxuyucu",
    "statistics.subscribers": "Abunəçilər",
    "statistics.readers_note": "Oxuyucu proqramların özləri dediyi kimi.",
    "statistics.filtered": "Sayılmayanlar",
    "statistics.reasons": "Səbəblər",
    "statistics.filtered_note": "Bu sorğular yuxarıdakı heç bir rəqəmdə yoxdur. Təxminidir.",
    "statistics.reason.bot": "Özünü bildirən botlar",
    "statistics.reason.prefetch": "Əvvəlcədən yüklənib, görülməyib",
    "statistics.reason.privacy": "Sayılmamağı xahiş edib",
    "statistics.reason.late": "Çox gec gəlib",
    "statistics.reason.own": "Öz şəbəkələri",
    "statistics.limits": (
        "Saatlar {zone} vaxtı ilədir ({offset}); ziyarətçilər və məqalələrdən aşağıdakı "
        "cədvəllər UTC günlərinə aiddir. Bir növün cəmi onu bildirən baxışların cəmidir. "
        "Bağlanmış günlərin baxışları dəqiqdir."
    ),
    "statistics.sentence.am": "{hour} AM",
    "statistics.sentence.pm": "{hour} PM",
    "statistics.sentence.percent": "{number}%",
    "statistics.sentence.views.one": "{number} baxış",
    "statistics.sentence.views.other": "{number} baxış",
    "statistics.sentence.so_far": "hələlik {views}",
    "statistics.sentence.compared": "{views}, {difference}",
    "statistics.sentence.until": "{end}: {text}",
    "statistics.sentence.until_hour": "Saat {hour} olanadək",
    "statistics.sentence.until_day": "{date} ({weekday}) tarixinin sonunadək",
    "statistics.sentence.until_month": "{month} ayının sonunadək",
    "statistics.sentence.above": "{reference} {percent} çox",
    "statistics.sentence.below": "{reference} {percent} az",
    "statistics.sentence.times": "{reference} {factor} dəfə çox",
    "statistics.sentence.than.usual": "həmişəkindən",
    "statistics.sentence.as.usual": "həmişəki kimi",
    "statistics.sentence.than.usual.day": "adi {weekday} günündən",
    "statistics.sentence.as.usual.day": "adi {weekday} günündəki kimi",
    "statistics.sentence.than.usual.week": "adi həftədən",
    "statistics.sentence.as.usual.week": "adi həftədəki kimi",
    "statistics.sentence.than.usual.month": "adi aydan",
    "statistics.sentence.as.usual.month": "adi aydakı kimi",
    "statistics.sentence.than.usual.year": "adi ildən",
    "statistics.sentence.as.usual.year": "adi ildəki kimi",
    "statistics.sentence.than.usual.range": "bu qədər gün üçün adi olandan",
    "statistics.sentence.as.usual.range": "bu qədər gün üçün adi olan kimi",
    "statistics.sentence.than.previous.day": "əvvəlki gündən",
    "statistics.sentence.as.previous.day": "əvvəlki gündəki kimi",
    "statistics.sentence.than.previous.week": "əvvəlki həftədən",
    "statistics.sentence.as.previous.week": "əvvəlki həftədəki kimi",
    "statistics.sentence.than.previous.month": "əvvəlki aydan",
    "statistics.sentence.as.previous.month": "əvvəlki aydakı kimi",
    "statistics.sentence.than.previous.year": "əvvəlki ildən",
    "statistics.sentence.as.previous.year": "əvvəlki ildəki kimi",
    "statistics.sentence.than.previous.range": "əvvəlki dövrdən",
    "statistics.sentence.as.previous.range": "əvvəlki dövrdəki kimi",
    "statistics.sentence.than.year_before": "bir il əvvəlki həmin tarixlərdən",
    "statistics.sentence.as.year_before": "bir il əvvəlki həmin tarixlərdəki kimi",
    "statistics.sentence.than.weekdays": "bir il əvvəlki eyni həftə günlərindən",
    "statistics.sentence.as.weekdays": "bir il əvvəlki eyni həftə günlərindəki kimi",
    "statistics.sentence.most.day": "son beş {weekday} gününün ən çoxu",
    "statistics.sentence.fewest.day": "son beş {weekday} gününün ən azı",
    "statistics.sentence.most.week": "son beş həftənin ən çoxu",
    "statistics.sentence.fewest.week": "son beş həftənin ən azı",
    "statistics.sentence.most.month": "son beş ayın ən çoxu",
    "statistics.sentence.fewest.month": "son beş ayın ən azı",
    "statistics.sentence.most.year": "son beş ilin ən çoxu",
    "statistics.sentence.fewest.year": "son beş ilin ən azı",
    "statistics.sentence.most.range": "son beş belə dövrün ən çoxu",
    "statistics.sentence.fewest.range": "son beş belə dövrün ən azı",
    "statistics.sentence.story.one": (
        "Fərqi bir xəbər yaradır: “{title}” xəbərinin {number} baxışı var."
    ),
    "statistics.sentence.story.other": (
        "Fərqi bir xəbər yaradır: “{title}” xəbərinin {number} baxışı var."
    ),
    "statistics.sentence.without": "O olmasaydı, {period} {difference} olardı.",
    "statistics.sentence.period.day": "gün",
    "statistics.sentence.period.week": "həftə",
    "statistics.sentence.period.month": "ay",
    "statistics.sentence.period.year": "il",
    "statistics.sentence.period.range": "dövr",
    "statistics.sentence.bare.above": "həmişəkindən {percent} çox",
    "statistics.sentence.bare.below": "həmişəkindən {percent} az",
    "statistics.sentence.bare.times": "həmişəkindən {factor} dəfə çox",
    "statistics.sentence.section_alone": "{section}: {difference}; qalan hər şey həmişəki kimidir.",
    "statistics.sentence.section": "{section}: {difference}.",
    # The page of one article's statistics
    "statistics.article.title": "Statistika: {title}",
    "statistics.article.time": "{weekday}, {date}, {time}",
    "statistics.article.short_time": "{date}, {time}",
    "statistics.article.back": "Bütün məqalələr",
    "statistics.article.back_to": "Bölmənin bütün məqalələri: {section}",
    "statistics.article.read": "Oxu",
    "statistics.article.hours.one": "{number} saat",
    "statistics.article.hours.other": "{number} saat",
    "statistics.article.so_far.one": "Hələlik {number} baxış.",
    "statistics.article.so_far.other": "Hələlik {number} baxış.",
    "statistics.article.after.one": "Dərcdən {hours} sonra: {number} baxış{compared}.",
    "statistics.article.after.other": "Dərcdən {hours} sonra: {number} baxış{compared}.",
    "statistics.article.in_all.one": "İndiyədək: {number} baxış.",
    "statistics.article.in_all.other": "İndiyədək: {number} baxış.",
    "statistics.article.usual": "adi məqalə",
    "statistics.article.usual_of": "«{section}» bölməsinin adi məqaləsi",
    "statistics.article.as_usual": ", {usual} ilə eyni",
    "statistics.article.above": ", {usual} ilə müqayisədə {percent} çox",
    "statistics.article.below": ", {usual} ilə müqayisədə {percent} az",
    "statistics.article.times": ", {usual} ilə müqayisədə {factor} dəfə çox",
    "statistics.article.title_as_usual": (
        "Yeni başlıqdan sonrakı saatda əvvəlki saatdakı qədər baxış olub."
    ),
    "statistics.article.title_above": (
        "Yeni başlıqdan sonrakı saatda əvvəlki saatdan {percent} çox baxış olub."
    ),
    "statistics.article.title_below": (
        "Yeni başlıqdan sonrakı saatda əvvəlki saatdan {percent} az baxış olub."
    ),
    "statistics.article.title_times": (
        "Yeni başlıqdan sonrakı saatda əvvəlki saatdan {factor} dəfə çox baxış olub."
    ),
    "statistics.article.reach_sentence": "Baxışların payı, mətnin indiki halı üçün: {share}.",
    "statistics.article.no_hours": "Birinci saatı hələ bitməyib.",
    "statistics.article.life": "Dərcdən bəri baxışlar",
    "statistics.article.life_unit": "baxış, cəmi",
    "statistics.article.life_hours": "Saatbasaat baxışlar",
    "statistics.article.hours_unit": "saatda baxış",
    "statistics.article.hours_label.one": (
        "Saatbasaat baxışlar. Ən çoxu: {number}, {hour} tamam olan saatda."
    ),
    "statistics.article.hours_label.other": (
        "Saatbasaat baxışlar. Ən çoxu: {number}, {hour} tamam olan saatda."
    ),
    "statistics.article.axis": "Dərcdən bəri saatlar",
    "statistics.article.age": "{hour} saat",
    "statistics.article.in_all_column": "cəmi",
    "statistics.article.median": "adi",
    "statistics.article.low": "dörddə biri bundan az",
    "statistics.article.high": "dörddə biri bundan çox",
    "statistics.article.tick_hours": "{hours} saat",
    "statistics.article.tick_days.one": "{number} gün",
    "statistics.article.tick_days.other": "{number} gün",
    "statistics.article.this": "bu məqalə",
    "statistics.article.median_of": "«{section}» bölməsinin adi məqaləsi (median)",
    "statistics.article.median_of_all": "adi məqalə (median)",
    "statistics.article.band": "onların orta yarısı",
    "statistics.article.no_usual": "Adi olanı demək üçün bölməsi haqqında hələ az şey məlumdur.",
    "statistics.article.deeds": "Nə etmişik",
    "statistics.article.deeds_note": (
        "Sistem özü qeyd edir, heç kim yazmır. Sonrakı saatın əvvəlki saatla müqayisəsi səbəbi "
        "sübut etmir."
    ),
    "statistics.article.title_was": "əvvəl",
    "statistics.article.title_is": "sonra",
    "statistics.article.hour_after": "əvvəlki saat {before}, sonrakı saat {after}",
    "statistics.article.reach": "Düzəlişi görənlər",
    "statistics.article.reach_text.one": (
        "{number} baxış ({share}) əvvəlki mətnə və ya başlığa aiddir; {later} baxış isə indikinə "
        "({time})."
    ),
    "statistics.article.reach_text.other": (
        "{number} baxış ({share}) əvvəlki mətnə və ya başlığa aiddir; {later} baxış isə indikinə "
        "({time})."
    ),
    "statistics.article.reach_note": (
        "Baxış onun saatı başlayanda olan varianta aid edilir. Əvvəlkini görənin qayıdıb-"
        "qayıtmadığı məlum deyil: oxucular izlənmir."
    ),
    "statistics.article.earlier": "əvvəlki mətn və ya başlıq",
    "statistics.article.later": "indiki hal",
    "statistics.article.visitors_note": "iki gün gələn iki sayılır",
    "statistics.article.version": "Variant",
    "statistics.article.period": "Dövr ərzində baxışlar",
    "statistics.article.period_views.one": "{period}: {number} baxış",
    "statistics.article.period_views.other": "{period}: {number} baxış",
    "statistics.article.readers": "Oxucular haradan gəlib",
    "statistics.article.not_counted": "Sayılmayanlar",
    "statistics.report.kicker.weekly": "{first} – {last} həftəsi",
    "statistics.report.kicker.alert": "Statistika: həmişəkindən kənar",
    "statistics.report.subject.weekly": "Həftə: {headline}",
    "statistics.report.subject.alert": "{headline}",
    "statistics.report.most_read": "Ən çox oxunanlar",
    "statistics.report.sections": "Bölmələr",
    "statistics.report.open": "Statistikanı açın",
    "statistics.report.why": (
        "Bu məktub sizə ona görə göndərilir ki, ünvanınız nəşrin ReportTo parametrində yazılıb."
    ),
    "statistics.report.alert.site-above.one": (
        "{start}–{end} arası {number} baxış: həmişəkindən xeyli çox"
    ),
    "statistics.report.alert.site-above.other": (
        "{start}–{end} arası {number} baxış: həmişəkindən xeyli çox"
    ),
    "statistics.report.alert.site-below.one": (
        "{start}–{end} arası {number} baxış: həmişəkindən xeyli az"
    ),
    "statistics.report.alert.site-below.other": (
        "{start}–{end} arası {number} baxış: həmişəkindən xeyli az"
    ),
    "statistics.report.alert.article.one": (
        "“{title}”: {number} baxış, bölməsində həmişəkindən xeyli çox"
    ),
    "statistics.report.alert.article.other": (
        "“{title}”: {number} baxış, bölməsində həmişəkindən xeyli çox"
    ),
    "statistics.report.band.site-above": (
        "Son dörd {weekday} günü həmin saatda ən çox {number} baxış olub."
    ),
    "statistics.report.band.site-below": (
        "Son dörd {weekday} günü həmin saatda ən az {number} baxış olub."
    ),
    "statistics.report.band.article": (
        "Bölməsindəki məqalələrin dörddə üçünün bu yaşda ən çox {number} baxışı olub."
    ),
}
