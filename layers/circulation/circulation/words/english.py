"""What readers see in English."""

TEXTS = {
    "number.group": ",",
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
}
