"""What readers see in English."""

TEXTS = {
    "number.group": ",",
    "number.decimal": ".",
    "digest.more": "{title}, and {number} more",
    "digest.numbers": "one, two, three, four, five, six, seven, eight, nine, ten, eleven",
    "digest.date": "{weekday}, {date}",
    "digest.most_read.daily": "Most read since yesterday",
    "digest.most_read.weekly": "Most read this week",
    "digest.views.one": "{number} view",
    "digest.views.other": "{number} views",
    "digest.why.daily": (
        "You get this every day at {time}, {sections}, because you asked for it{on}."
    ),
    "digest.why.weekly": (
        "You get this every {weekday} at {time}, {sections}, because you asked for it{on}."
    ),
    "digest.on": " on {date}",
    "digest.all_sections": "from all sections",
    "digest.some_sections": "from {sections}",
    "digest.preferences": "Sections and how often",
    "digest.unsubscribe": "Unsubscribe",
    "digest.web": "Read it on the web",
    "digest.archive.daily": "Every day",
    "digest.archive.weekly": "Every week",
    "digest.archive.title": "Digests",
    "digest.archive.none": "No digest has been sent yet.",
    "feed.section": "{name} (section)",
    "feed.tag": "{name} (tag)",
    "feed.author": "{name} (author)",
    "feed.popular": "Most read ({window})",
    "feed.popular_section": "Most read in {section} ({window})",
    "feed.sections": "Sections",
    "feed.tags": "Tags",
    "feed.authors": "Authors",
    "months": (
        "January February March April May June July August September October November December"
    ),
    "months.short": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "weekdays.short": "Mon Tue Wed Thu Fri Sat Sun",
    "weekdays": "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday",
    "mail.all_sections": "all sections",
    "mail.sections.one": "one section",
    "mail.sections.other": "{number} sections",
    "mail.and": "{first} and {last}",
    "mail.digest.daily": "daily digest",
    "mail.digest.weekly": "weekly digest",
    "mail.moment": "{date} at {time}",
    "confirmation.subject": "Was it you? Please confirm",
    "confirmation.title": "Please confirm",
    "confirmation.heading": "Was it you?",
    "confirmation.preview": "One button, and the digest begins. Good for 24 hours.",
    "confirmation.asked": (
        "Somebody asked us to send the {digest}, from {sections}, to this address. If it was "
        "you, confirm it on the page that this button opens:"
    ),
    "confirmation.asked_text": (
        "Somebody asked us to send the {digest}, from {sections}, to this address. If it was "
        "you, open this page and press its button:"
    ),
    "confirmation.button": "Confirm the subscription",
    "confirmation.address": "Or open this address:",
    "confirmation.otherwise": (
        "If it was not you, do nothing: no further mail comes, and the address is deleted "
        "after 24 hours."
    ),
    "confirmation.why": (
        "You get this single mail because this address was typed into the form of {site} on "
        "{moment}."
    ),
    "subscribe.kicker": "Connect with us",
    "subscribe.heading": "Get latest news and updates",
    "subscribe.lead": (
        "What is new and what is read most, in one mail. When nothing is new, no mail."
    ),
    "subscribe.address": "Your e-mail",
    "subscribe.often": "How often",
    "subscribe.daily": "Every day at {hour}",
    "subscribe.weekly": "Every {weekday} at {hour}",
    "subscribe.sections": "From which sections",
    "subscribe.consent": (
        "When you press the button, we send one mail that asks whether it was you. Only your "
        "yes begins the digest. We keep your address, your choices and when you said yes; not "
        "your network address, and nothing about what you open."
    ),
    "subscribe.button": "Subscribe",
    "subscribe.faults.one": "One thing to correct",
    "subscribe.faults.other": "{number} things to correct",
    "subscribe.no_address": "Write the whole address, such as sam@mail.example.",
    "subscribe.no_frequency": "Choose how often.",
    "subscribe.no_section": "Choose at least one section.",
    "subscribe.sent": "Look in your mailbox",
    "subscribe.sent_text": (
        "If {address} can be subscribed, a mail is on its way to it. Press the button in it "
        "within 24 hours; until then nothing is sent."
    ),
    "subscribe.sent_note": (
        "Nothing there after ten minutes? Look among the unwanted mail for “{title}”. We write "
        "at most once a day, however often this form is sent."
    ),
    "subscribe.another": "Another address",
    "subscription.kicker": "Your subscription",
    "subscription.again": "Ask again",
    "confirm.heading": "Was it you?",
    "confirm.asked": (
        "Somebody asked on {moment} to send the {digest} of {title}, from {sections}, to {address}."
    ),
    "confirm.button": "Yes, send me the digest",
    "confirm.note": (
        "If it was not you, close this page: nothing is sent, and the address is deleted after "
        "24 hours."
    ),
    "confirm.done": "Welcome",
    "confirm.next": (
        "The first digest comes on {weekday}, {date}, at {hour}, if anything is new by then."
    ),
    "confirm.choose": "Choose sections and how often",
    "confirm.ended": "This link has ended",
    "confirm.ended_text": "It was good for 24 hours, or has been used. Nothing was stored.",
    "preferences.heading": "What we send to {address}",
    "preferences.pause": "Pause",
    "preferences.pause.none": "No pause",
    "preferences.pause.week": "For one week",
    "preferences.pause.month": "For one month",
    "preferences.pause.forever": "Until I come back here",
    "preferences.pause.kept": "As it is, until {date}",
    "preferences.button": "Save",
    "preferences.saved": "Saved.",
    "preferences.saved_next": (
        "The next digest comes on {weekday}, {date}, at {hour}, from {sections}."
    ),
    "preferences.saved_paused": "No digest comes until you change it here.",
    "preferences.not_saved": "Not saved",
    "preferences.no_section": "Choose at least one section, or unsubscribe below.",
    "preferences.gone": (
        "This link no longer opens a subscription: it was ended, or the link is not whole. "
        "Copy it from the latest digest, or subscribe again."
    ),
    "preferences.subscribe": "Subscribe again",
    "preferences.unsubscribe": "Unsubscribe",
    "preferences.export": "Everything that is kept about this address (JSON)",
    "preferences.note": "Whoever has the link of this page can open it: do not pass the mail on.",
    "unsubscribe.heading": "No more mail?",
    "unsubscribe.heading_address": "No more mail to {address}?",
    "unsubscribe.button": "Unsubscribe",
    "unsubscribe.less": "Less often, or a pause",
    "unsubscribe.note": (
        "The address is deleted at once. What stays is a code that keeps us from writing to it "
        "by mistake."
    ),
    "unsubscribe.done": "Done: no more mail",
    "unsubscribe.done_text": (
        "The address is deleted. A digest that was being sent this minute may still arrive; "
        "none after it."
    ),
    "unsubscribe.mistake": "It was a mistake: subscribe again",
    "unsubscribe.already": "Nothing to end",
    "unsubscribe.already_text": (
        "This link belongs to no subscription any more. If mail still comes, answer it with "
        "the word STOP: a person reads that."
    ),
    "question.preview": "One button, and your friend gets one letter. Good for 24 hours.",
    "question.asked": (
        "Somebody asked us to recommend “{title}” to a friend, in the name of this address. If "
        "it was you, confirm it on the page that this button opens:"
    ),
    "question.asked_text": (
        "Somebody asked us to recommend “{title}” to a friend, in the name of this address. If "
        "it was you, open this page and press its button:"
    ),
    "question.button": "See and confirm it",
    "question.otherwise": (
        "If it was not you, do nothing: nobody gets a letter, and both addresses are deleted "
        "after 24 hours."
    ),
    "recommendation.kicker": "A recommendation",
    "recommendation.heading": "{name} recommends an article",
    "recommendation.greeting": "Dear {friend},",
    "recommendation.sentence": "I thought this would interest you:",
    "recommendation.why": (
        "You get this single mail because {name} ({address}) wrote your address into the form "
        "of {site} and confirmed it. We keep neither address."
    ),
    "recommendation.refuse": "Never send me a recommendation again",
    "recommend.kicker": "Recommend news to friend",
    "recommend.heading": "Recommend this to a friend",
    "recommend.you": "You",
    "recommend.friend": "Your friend",
    "recommend.name": "Your name",
    "recommend.address": "Your e-mail",
    "recommend.friend_name": "Friend\u2019s name",
    "recommend.friend_address": "Friend\u2019s e-mail",
    "recommend.no_name": "Who are you? Write your name.",
    "recommend.no_address": "Write the whole address, such as sam@mail.example.",
    "recommend.no_friend_name": "Who is it for? Write your friend\u2019s name.",
    "recommend.no_friend_address": "Write the whole address, such as robin@mail.example.",
    "recommend.link_in_name": "A name has no links in it.",
    "recommend.odd_name": "Write a name of at most {number} letters, on one line.",
    "recommend.several": "One friend at a time: write one address.",
    "recommend.button": "Send after I confirm",
    "recommend.note": (
        "We write to you first. Only when you press the button in that mail does your friend "
        "get one letter: a fixed text, your name and address, no advertising. Neither address "
        "is kept longer than a day, except as a code by which your friend can refuse further "
        "letters."
    ),
    "recommend.sent": "Look in your mailbox",
    "recommend.sent_text": (
        "A mail is on its way to {address}. Press the button there within 24 hours and {friend} "
        "gets the letter; otherwise nobody does."
    ),
    "recommend.sent_note": (
        "Nothing there after ten minutes? Look among the unwanted mail for “{title}”. We write "
        "at most {number} times a day, and not to an address that refused it."
    ),
    "recommend.article": "Back to the article",
    "recommend.question": "Send the letter?",
    "recommend.asked": (
        "Somebody asked on {moment}, in the name of {name}, to recommend “{title}” to {friend}, "
        "{friend_address}."
    ),
    "recommend.yes": "Yes, send it",
    "recommend.asked_note": (
        "Your friend gets one letter, with your name and address in it. If it was not you, close "
        "this page: nothing is sent."
    ),
    "recommend.done": "Thank you",
    "recommend.done_text": (
        "If the letter can be sent, it goes to {friend} now. Nobody gets the same article twice "
        "in this way, and nobody who refused such letters gets one."
    ),
    "recommend.ended": "This link has ended",
    "recommend.ended_text": "It was good for 24 hours, or has been used. Nothing is sent.",
    "refuse.heading": "No more recommendations?",
    "refuse.text": (
        "Anybody could then write your address into the form of {title}: no letter would come."
    ),
    "refuse.button": "Never write to me again",
    "refuse.note": (
        "We keep a code of your address, from which the address cannot be read. A digest that "
        "you subscribed to does not end."
    ),
    "refuse.done": "Done: no more recommendations",
    "refuse.done_text": "Nobody can have one sent to your address any more.",
    "refuse.nobody": "This link is not whole",
    "refuse.nobody_text": "Copy it from the letter, up to its end.",
    "failure.heading": "It did not work yet",
    "failure.text": "The server did not take it ({status}). Nothing was changed.",
    "failure.again": "Back to the form",
    "print.updated": "Updated {moment}",
    "page.feeds": "All feeds (OPML)",
    # The page of statistics
    "statistics.skip": "Skip to the numbers",
    "statistics.name": "Statistics",
    "statistics.title": "Statistics: {name}",
    "statistics.views": "Views",
    "statistics.share": "Share",
    "statistics.change": "Change",
    "statistics.hits": "Requests",
    "statistics.new": "new",
    "statistics.same": "as usual",
    "statistics.up": "up",
    "statistics.down": "down",
    "statistics.less": "< {percent}",
    "statistics.times": "{factor}\u00d7",
    "statistics.none": "Nothing is known yet.",
    "statistics.other": "Others",
    "statistics.others.one": "{number} other",
    "statistics.others.other": "{number} others",
    "statistics.all_sections": "All sections",
    "statistics.sections": "Sections",
    "statistics.authors": "Authors",
    "statistics.tags": "Tags",
    "statistics.dimensions": "Sections, authors, tags",
    "statistics.period": "Period",
    "statistics.unit.day": "Day",
    "statistics.unit.week": "Week",
    "statistics.unit.month": "Month",
    "statistics.unit.year": "Year",
    "statistics.weekday": "{weekday}, {date}",
    "statistics.span": "{first} to {last}",
    "statistics.subject": "{name} · {span}",
    "statistics.today": "Today",
    "statistics.yesterday": "Yesterday",
    "statistics.last_7": "Last 7 days",
    "statistics.last_28": "Last 28 days",
    "statistics.from": "From",
    "statistics.to": "To",
    "statistics.apply": "Show",
    "statistics.print": "Print",
    "statistics.against": "against",
    "statistics.against.usual.day": "a usual {weekday}",
    "statistics.against.usual.week": "a usual week",
    "statistics.against.usual.month": "a usual month",
    "statistics.against.usual.year": "a usual year",
    "statistics.against.usual.range": "what is usual",
    "statistics.against.previous.day": "the day before",
    "statistics.against.previous.week": "the week before",
    "statistics.against.previous.month": "the month before",
    "statistics.against.previous.year": "the year before",
    "statistics.against.previous.range": "the period before",
    "statistics.against.year": "a year before",
    "statistics.against.weekdays": "the same weekdays a year before",
    "statistics.against.none": "nothing",
    "statistics.pause": "Pause",
    "statistics.status.live": "Live · {time}",
    "statistics.status.stale": "Stopped · {time}",
    "statistics.status.paused": "Paused · {time}",
    "statistics.status.past": "{time}",
    "statistics.status.loading": "Loading…",
    "statistics.loading": "Loading the numbers…",
    "statistics.again": "Try again now",
    "statistics.ask_now": "Ask now",
    "statistics.stale": "These numbers are old.",
    "statistics.stale_text": (
        "The last answer came at {time} ({age}). Views are still counted; the page asks again"
        " every {seconds} seconds."
    ),
    "statistics.failed": "The numbers did not load",
    "statistics.failed_text": (
        "The server answered {status} at {time}. Counting goes on without this page, so no "
        "view is lost. The page tries again by itself in 30 seconds."
    ),
    "statistics.operator": (
        "If it lasts, give whoever runs the stack this number: {number} ({time})."
    ),
    "statistics.unsaved": "The file did not load ({status})",
    "statistics.to_numbers": "Back to the numbers",
    "statistics.unopened": "The details did not load ({status}).",
    "statistics.sign_in": "Sign in with a read token",
    "statistics.sign_in_text": (
        "It is kept for this tab alone and forgotten when you close it. A read token can see "
        "numbers and change nothing."
    ),
    "statistics.needs_script": (
        "Signing in needs JavaScript. Without it, a share link opens the same numbers: ask "
        "whoever runs the stack for one."
    ),
    "statistics.token": "Read token",
    "statistics.token_unknown": (
        "This token is not known or has been revoked. Ask whoever runs the stack for a new one."
    ),
    "statistics.token_of_other_scope": (
        "This token may not read the statistics. Ask whoever runs the stack for one with the "
        "scope read."
    ),
    "statistics.show": "Show the statistics",
    "statistics.ended": "This link has ended",
    "statistics.ended_text": "Ask whoever sent it for a new one.",
    "statistics.refused": "There is no such page",
    "statistics.start": "The statistics of today",
    "statistics.keys": "Keys",
    "statistics.keys.period": "Day, week, month, year",
    "statistics.keys.step": "The period before, the period after; on a chart, its points",
    "statistics.keys.compare": "Compare with…",
    "statistics.keys.find": "Find an article of the list",
    "statistics.keys.these": "These keys",
    "statistics.keys.on": "Single keys are on (kept in this browser)",
    "statistics.close": "Close",
    "statistics.empty": "No view has arrived yet",
    "statistics.empty_past": "No view is known of this period",
    "statistics.empty_script": (
        "Either nobody has come, or the pages do not have the script. The page of each "
        "article needs this line, with the address of this API:"
    ),
    "statistics.empty_next": (
        "Open an article with it in a browser of your own; the view stands here within a minute."
    ),
    "statistics.before": "The period before",
    "statistics.open_days.one": (
        "{days} (UTC) is over and not settled yet: its numbers may still change a little."
    ),
    "statistics.open_days.other": (
        "{number} days (UTC) are over and not settled yet, so their numbers may still change "
        "a little: {days}."
    ),
    "statistics.now": "now",
    "statistics.usual": "usual",
    "statistics.lowest": "lowest",
    "statistics.highest": "highest",
    "statistics.chart.hour": "Views by hour",
    "statistics.chart.day": "Views by day",
    "statistics.chart.month": "Views by month",
    "statistics.chart.unit.hour": "views an hour",
    "statistics.chart.unit.day": "views a day",
    "statistics.chart.unit.month": "views a month",
    "statistics.chart.axis.hour": "Hour",
    "statistics.chart.axis.day": "Day",
    "statistics.chart.axis.month": "Month",
    "statistics.chart.axis.minute": "Minute",
    "statistics.chart.top": "{number} {unit}",
    "statistics.chart.band": "lowest to highest of those compared",
    "statistics.chart.so_far.hour": "this hour so far",
    "statistics.chart.so_far.day": "this day so far",
    "statistics.chart.so_far.month": "this month so far",
    "statistics.chart.no_usual": "Too little is known to say what is usual.",
    "statistics.chart.until": "until {time}",
    "statistics.chart.above": (
        "From {first} to {last} every hour was above the highest of those compared."
    ),
    "statistics.chart.below": (
        "From {first} to {last} every hour was below the lowest of those compared."
    ),
    "statistics.chart.numbers": "Numbers as a table",
    "statistics.chart.numbers_of": "{title}: numbers as a table",
    "statistics.hours": "{first}\u2013{last}",
    "statistics.all_about": "All about this article",
    "statistics.versions": "Versions",
    "statistics.since": "Since",
    "statistics.changed": "Changed",
    "statistics.event": "“{title}” {kinds}",
    "statistics.event.with.one": "“{title}” and {number} other {kinds}",
    "statistics.event.with.other": "“{title}” and {number} others {kinds}",
    "statistics.event.published": "published",
    "statistics.event.title": "retitled",
    "statistics.event.section": "put into another section",
    "statistics.event.body": "edited",
    "statistics.event.details": "edited in its details",
    "statistics.event.dated": "dated anew",
    "statistics.event.moved": "moved to another address",
    "statistics.event.unpublished": "unpublished",
    "statistics.event.republished": "published again",
    "statistics.event.mailed": "mailed in the digest",
    "statistics.now_heading": "Now",
    "statistics.minutes": "Views by minute; the last five darker",
    "statistics.minutes_label": (
        "Views by minute for 30 minutes; the last five, which are darker, had {views}."
    ),
    "statistics.last_minutes.one": "{number} view in the last 5 minutes",
    "statistics.last_minutes.other": "{number} views in the last 5 minutes",
    "statistics.about_right": "About right, and in no other number.",
    "statistics.views_until": "Views until {time}",
    "statistics.all_views": "Views so far",
    "statistics.visitors": "Visitors, UTC days",
    "statistics.visitors_note": "a reader of two articles is two",
    "statistics.articles_read": "Articles read",
    "statistics.articles_note": "summed over UTC days",
    "statistics.movers": "Moving most",
    "statistics.movers_note": (
        "Views of the last 5 minutes; the change is against the last half hour of each article."
    ),
    "statistics.movers_none": "Nothing moved in the last half hour.",
    "statistics.articles": "Articles",
    "statistics.article": "Article",
    "statistics.hours_24": "24 hours",
    "statistics.days": "Days",
    "statistics.months": "Months",
    "statistics.sort.views": "Views",
    "statistics.sort.gain": "Last hour",
    "statistics.sort.per_hour": "Per hour",
    "statistics.find": "Find in this list",
    "statistics.found_none": "Nothing in this list has it.",
    "statistics.unlisted": "No article that is not listed had more than {views} views.",
    "statistics.details_of": "Details of {title}",
    "statistics.age.hours.one": "{number} h",
    "statistics.age.hours.other": "{number} h",
    "statistics.age.days.one": "{number} d",
    "statistics.age.days.other": "{number} d",
    "statistics.trend.rising": "rising at the end",
    "statistics.trend.falling": "falling at the end",
    "statistics.trend.steady": "steady at the end",
    "statistics.sources": "Where readers came from",
    "statistics.source_kinds": "Kinds",
    "statistics.source.home": "Front page",
    "statistics.source.section": "Section page",
    "statistics.source.article": "Another article",
    "statistics.source.search": "Search",
    "statistics.source.social": "Social networks",
    "statistics.source.mail": "Mail",
    "statistics.source.feed": "Feed readers",
    "statistics.source.share": "Passed on by a reader",
    "statistics.source.other": "Other sites",
    "statistics.source.others": "Other sites",
    "statistics.source.none": "Not known",
    "statistics.hosts": "Sites",
    "statistics.campaigns": "Campaigns",
    "statistics.countries": "Countries",
    "statistics.devices": "Devices",
    "statistics.device.phone": "Phone",
    "statistics.device.tablet": "Tablet",
    "statistics.device.desktop": "Desktop",
    "statistics.device.others": "Others",
    "statistics.feed_readers": "Subscribers of feeds",
    "statistics.app": "Reader",
    "statistics.subscribers": "Subscribers",
    "statistics.readers_note": "As their own apps tell them.",
    "statistics.filtered": "Not counted",
    "statistics.reasons": "Reasons",
    "statistics.filtered_note": "These requests are in no number above. About right.",
    "statistics.reason.bot": "Bots that say so",
    "statistics.reason.prefetch": "Prefetched, never seen",
    "statistics.reason.privacy": "Asked not to be counted",
    "statistics.reason.late": "Came too late",
    "statistics.reason.own": "Own networks",
    "statistics.limits": (
        "Hours are those of {zone} ({offset}); visitors and the tables below the articles are"
        " of UTC days. The sums of one kind add up to the views that told it. The views of "
        "closed days are exact."
    ),
    "statistics.sentence.am": "{hour} AM",
    "statistics.sentence.pm": "{hour} PM",
    "statistics.sentence.percent": "{number}\u202f%",
    "statistics.sentence.views.one": "{number} view",
    "statistics.sentence.views.other": "{number} views",
    "statistics.sentence.so_far": "{views} so far",
    "statistics.sentence.compared": "{views}, {difference}",
    "statistics.sentence.until": "{end}: {text}",
    "statistics.sentence.until_hour": "Until {hour}",
    "statistics.sentence.until_day": "Until the end of {weekday}, {date}",
    "statistics.sentence.until_month": "Until the end of {month}",
    "statistics.sentence.above": "{percent} above {reference}",
    "statistics.sentence.below": "{percent} below {reference}",
    "statistics.sentence.times": "{factor} times {reference}",
    "statistics.sentence.than.usual": "usual",
    "statistics.sentence.as.usual": "as usual",
    "statistics.sentence.than.usual.day": "a usual {weekday}",
    "statistics.sentence.as.usual.day": "as on a usual {weekday}",
    "statistics.sentence.than.usual.week": "a usual week",
    "statistics.sentence.as.usual.week": "as in a usual week",
    "statistics.sentence.than.usual.month": "a usual month",
    "statistics.sentence.as.usual.month": "as in a usual month",
    "statistics.sentence.than.usual.year": "a usual year",
    "statistics.sentence.as.usual.year": "as in a usual year",
    "statistics.sentence.than.usual.range": "what is usual in as many days",
    "statistics.sentence.as.usual.range": "as usual in as many days",
    "statistics.sentence.than.previous.day": "the day before",
    "statistics.sentence.as.previous.day": "as on the day before",
    "statistics.sentence.than.previous.week": "the week before",
    "statistics.sentence.as.previous.week": "as in the week before",
    "statistics.sentence.than.previous.month": "the month before",
    "statistics.sentence.as.previous.month": "as in the month before",
    "statistics.sentence.than.previous.year": "the year before",
    "statistics.sentence.as.previous.year": "as in the year before",
    "statistics.sentence.than.previous.range": "the period before",
    "statistics.sentence.as.previous.range": "as in the period before",
    "statistics.sentence.than.year_before": "the same dates a year before",
    "statistics.sentence.as.year_before": "as on the same dates a year before",
    "statistics.sentence.than.weekdays": "the same weekdays a year before",
    "statistics.sentence.as.weekdays": "as on the same weekdays a year before",
    "statistics.sentence.most.day": "the most of the last five {weekday}s",
    "statistics.sentence.fewest.day": "the fewest of the last five {weekday}s",
    "statistics.sentence.most.week": "the most of the last five weeks",
    "statistics.sentence.fewest.week": "the fewest of the last five weeks",
    "statistics.sentence.most.month": "the most of the last five months",
    "statistics.sentence.fewest.month": "the fewest of the last five months",
    "statistics.sentence.most.year": "the most of the last five years",
    "statistics.sentence.fewest.year": "the fewest of the last five years",
    "statistics.sentence.most.range": "the most of the last five such periods",
    "statistics.sentence.fewest.range": "the fewest of the last five such periods",
    "statistics.sentence.story.one": (
        "One story makes the difference: “{title}” had {number} of the views."
    ),
    "statistics.sentence.story.other": (
        "One story makes the difference: “{title}” had {number} of the views."
    ),
    "statistics.sentence.without": "Without it the {period} would be {difference}.",
    "statistics.sentence.period.day": "day",
    "statistics.sentence.period.week": "week",
    "statistics.sentence.period.month": "month",
    "statistics.sentence.period.year": "year",
    "statistics.sentence.period.range": "period",
    "statistics.sentence.bare.above": "{percent} above",
    "statistics.sentence.bare.below": "{percent} below",
    "statistics.sentence.bare.times": "{factor} times its usual",
    "statistics.sentence.section_alone": "{section} is {difference}; all else is as usual.",
    "statistics.sentence.section": "{section} is {difference}.",
    # The page of one article's statistics
    "statistics.article.title": "Statistics: {title}",
    "statistics.article.time": "{weekday}, {date}, {time}",
    "statistics.article.short_time": "{date}, {time}",
    "statistics.article.back": "All articles",
    "statistics.article.back_to": "All articles of {section}",
    "statistics.article.read": "Read it",
    "statistics.article.hours.one": "{number} hour",
    "statistics.article.hours.other": "{number} hours",
    "statistics.article.so_far.one": "{number} view so far.",
    "statistics.article.so_far.other": "{number} views so far.",
    "statistics.article.after.one": "{hours} after publication: {number} view{compared}.",
    "statistics.article.after.other": "{hours} after publication: {number} views{compared}.",
    "statistics.article.in_all.one": "Until now: {number} view.",
    "statistics.article.in_all.other": "Until now: {number} views.",
    "statistics.article.usual": "a usual article",
    "statistics.article.usual_of": "a usual article of {section}",
    "statistics.article.as_usual": ", as many as {usual}",
    "statistics.article.above": ", {percent} more than {usual}",
    "statistics.article.below": ", {percent} fewer than {usual}",
    "statistics.article.times": ", {factor} times as many as {usual}",
    "statistics.article.title_as_usual": (
        "The hour after the new title had about as many views as the hour before."
    ),
    "statistics.article.title_above": (
        "The hour after the new title had {percent} more views than the hour before."
    ),
    "statistics.article.title_below": (
        "The hour after the new title had {percent} fewer views than the hour before."
    ),
    "statistics.article.title_times": (
        "The hour after the new title had {factor} times the views of the hour before."
    ),
    "statistics.article.reach_sentence": "{share} of the views were of the text as it is now.",
    "statistics.article.no_hours": "Its first hour is not over yet.",
    "statistics.article.life": "Views since publication",
    "statistics.article.life_unit": "views in all",
    "statistics.article.life_hours": "Views hour by hour",
    "statistics.article.hours_unit": "views an hour",
    "statistics.article.hours_label.one": (
        "Views hour by hour. Most came in the hour until {hour}: {number}."
    ),
    "statistics.article.hours_label.other": (
        "Views hour by hour. Most came in the hour until {hour}: {number}."
    ),
    "statistics.article.axis": "Hours since publication",
    "statistics.article.age": "{hour}\u202fh",
    "statistics.article.in_all_column": "in all",
    "statistics.article.median": "usual",
    "statistics.article.low": "a quarter had less than",
    "statistics.article.high": "a quarter had more than",
    "statistics.article.tick_hours": "{hours}\u202fh",
    "statistics.article.tick_days.one": "{number} day",
    "statistics.article.tick_days.other": "{number} days",
    "statistics.article.this": "this article",
    "statistics.article.median_of": "a usual article of {section} (median)",
    "statistics.article.median_of_all": "a usual article (median)",
    "statistics.article.band": "the middle half of them",
    "statistics.article.no_usual": "Too little is known of its section to say what is usual.",
    "statistics.article.deeds": "What we did",
    "statistics.article.deeds_note": (
        "Noted by the system; nobody types it. The hour after beside the hour before proves no "
        "cause."
    ),
    "statistics.article.title_was": "from",
    "statistics.article.title_is": "to",
    "statistics.article.hour_after": "hour before {before}, hour after {after}",
    "statistics.article.reach": "Reach of a correction",
    "statistics.article.reach_text.one": (
        "{number} view ({share}) was of an earlier text or title; {later} of the one since {time}."
    ),
    "statistics.article.reach_text.other": (
        "{number} views ({share}) were of an earlier text or title; {later} of the one since "
        "{time}."
    ),
    "statistics.article.reach_note": (
        "A view counts for the version that stood when its hour began. Whether somebody who saw "
        "an earlier one came back is not known: readers are not followed."
    ),
    "statistics.article.earlier": "earlier text or title",
    "statistics.article.later": "as it is now",
    "statistics.article.visitors_note": "who came on two days is two",
    "statistics.article.version": "Version",
    "statistics.article.period": "Views in the period",
    "statistics.article.period_views.one": "{period}: {number} view",
    "statistics.article.period_views.other": "{period}: {number} views",
    "statistics.article.readers": "Where readers came from",
    "statistics.article.not_counted": "Not counted",
    "statistics.report.kicker.weekly": "The week from {first} to {last}",
    "statistics.report.kicker.alert": "Statistics: outside of what is usual",
    "statistics.report.subject.weekly": "The week: {headline}",
    "statistics.report.subject.alert": "{headline}",
    "statistics.report.most_read": "Most read",
    "statistics.report.sections": "Sections",
    "statistics.report.open": "Open the statistics",
    "statistics.report.why": (
        "You get this because the address stands in ReportTo of the publication's stack."
    ),
    "statistics.report.alert.site-above.one": (
        "{number} view from {start} to {end}, far above usual"
    ),
    "statistics.report.alert.site-above.other": (
        "{number} views from {start} to {end}, far above usual"
    ),
    "statistics.report.alert.site-below.one": (
        "{number} view from {start} to {end}, far below usual"
    ),
    "statistics.report.alert.site-below.other": (
        "{number} views from {start} to {end}, far below usual"
    ),
    "statistics.report.alert.article.one": "“{title}” has {number} view, far above its section",
    "statistics.report.alert.article.other": "“{title}” has {number} views, far above its section",
    "statistics.report.band.site-above": (
        "The last four {weekday}s had at most {number} views in that hour."
    ),
    "statistics.report.band.site-below": (
        "The last four {weekday}s had at least {number} views in that hour."
    ),
    "statistics.report.band.article": (
        "Three quarters of its section's articles had at most {number} views at its age."
    ),
}
