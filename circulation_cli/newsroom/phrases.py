"""The words of the made-up articles: none of them names a person, a company or a place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Beat:
    """A section: what its articles are about, and what becomes of that."""

    section: str
    share: int
    """Of a hundred articles."""
    subjects: dict[str, tuple[str, ...]]
    """By tag; each begins a title."""
    news: tuple[str, ...]
    """Each ends one."""


BEATS = (
    Beat(
        "city",
        26,
        {
            "transport": ("The night bus", "Tram line 4", "The ring road", "The new bus lane"),
            "harbour": ("The harbour ferry", "The fish market", "The old lighthouse", "The quay"),
            "housing": ("The brick quarter", "The council's housing list", "The tall house"),
            "schools": ("The school kitchen", "The evening school", "The school on the hill"),
            "parks": ("The botanic garden", "The lake", "The long park", "The playground"),
        },
        (
            "opens a month early",
            "stays closed until spring",
            "costs less than planned",
            "divides the council",
            "gets a second chance",
            "is late again, and nobody minds",
            "is to be repaired before winter",
            "wins over its critics",
            "is busier than ever",
            "waits for a decision",
            "has a new timetable",
            "asks its neighbours what they want",
        ),
    ),
    Beat(
        "economy",
        16,
        {
            "trade": ("The port's freight", "The weekly market", "The grain trade"),
            "work": ("Shorter hours", "The apprentices' year", "The cooperative bakery"),
            "energy": ("Power from the wind park", "The heating network", "The old power station"),
            "money": ("The savings bank", "The city's budget", "The price of bread"),
        },
        (
            "grows for the third year",
            "surprises the analysts",
            "falls behind the plan",
            "pays off after all",
            "is cheaper than a year ago",
            "needs forty people more",
            "moves to the other bank of the river",
            "survives a hard winter",
            "is worth a closer look",
            "gets a rule that is easy to read",
            "splits the chamber of commerce",
        ),
    ),
    Beat(
        "culture",
        15,
        {
            "books": ("The travelling library", "A first novel", "The street of booksellers"),
            "music": ("The brass orchestra", "A forgotten opera", "The choir of the dockers"),
            "stage": ("The puppet theatre", "The summer stage", "A play without words"),
            "film": ("The open-air cinema", "A film about salt", "The last film projector"),
        },
        (
            "is sold out until June",
            "finds its audience",
            "plays to an empty house, and is wonderful",
            "returns after thirty years",
            "moves into the tram depot",
            "makes a town laugh",
            "is better than its poster",
            "asks for very little",
            "begins in the rain",
            "gets the prize that nobody expected",
            "shows what was left out",
        ),
    ),
    Beat(
        "science",
        13,
        {
            "climate": ("The longest series of measurements", "A warm autumn", "The glacier"),
            "health": ("A cheap blood test", "Sleep before midnight", "The village doctor"),
            "space": ("A quiet star", "The small telescope", "Dust from a comet"),
            "farming": ("A sensor made of clay", "The forgotten wheat", "Bees on the roof"),
        },
        (
            "answers an old question",
            "raises three new ones",
            "does not do what was claimed",
            "works outside the laboratory",
            "is older than anybody thought",
            "could be built for the price of a bicycle",
            "is explained in four drawings",
            "was measured twice",
            "helps where nothing did",
            "makes researchers argue",
        ),
    ),
    Beat(
        "sport",
        16,
        {
            "football": ("The youth eleven", "The goalkeeper", "The club from the east bank"),
            "rowing": ("The rowing club", "The four with a cox", "The regatta"),
            "chess": ("The city's chess team", "A twelve-year-old", "The open tournament"),
            "running": ("The half marathon", "The night run", "The oldest runner"),
        },
        (
            "wins in the last minute",
            "loses, and is celebrated",
            "draws for the fifth time",
            "begins the season with a record",
            "changes the coach in mid-season",
            "moves up a league",
            "is decided by a whistle",
            "trains before sunrise",
            "beats the favourite",
            "takes the long way home",
        ),
    ),
    Beat(
        "opinion",
        14,
        {
            "letters": ("A letter to the council", "What readers write", "An answer"),
            "columns": ("The case for slow trams", "In praise of drizzle", "The empty chair"),
            "debate": ("Who owns the river bank", "A holiday for everybody", "The price of quiet"),
        },
        (
            ", and why it matters",
            ": both sides are wrong",
            ": a modest proposal",
            ", once more",
            ": what we forgot to ask",
            ", ten years on",
            ": an apology",
            ", read aloud",
            ": count again",
            ", without anger",
        ),
    ),
)

BYLINES = (
    "Ada Quillfeather",
    "Bruno Lanternwick",
    "Celia Marshbarrow",
    "Dario Saltgrove",
    "Edda Thistlecroft",
    "Farid Copperlane",
    "Greta Windermoor",
    "Hakan Stillwater",
    "Irma Applegarth",
    "Juno Featherstonehill",
    "City desk",
    "Night desk",
)
"""Pen names; nobody is called so."""

SENTENCES = (
    "Nobody in the room had expected it, and nobody said so.",
    "The figures were on the table by nine, and most of them were known.",
    "Two years ago the same plan had failed for want of a single signature.",
    "Those who were asked shrugged, and then spoke for an hour.",
    "It is a small change, and it took a long time.",
    "The first results are expected before the leaves fall.",
    "A spokeswoman said that there was nothing to add, and added something.",
    "The rain held off until the speeches were over.",
    "Whoever wants to see it should come early, and bring a coat.",
    "The costs are shared between the city and those who use it.",
    "There are three copies of the report, and one of them is missing.",
    "The critics have not gone quiet, but they have become fewer.",
    "By evening the queue reached round the corner and back.",
    "It all depends on a part that is no longer made.",
    "The neighbours had been told, and were surprised all the same.",
    "In the end it was settled by a show of hands.",
    "What it means for the winter, nobody can say yet.",
    "An earlier attempt had been given up after a week.",
)

STORY_TITLE = "The harbour bridge is closed after a crack was found"
STORY_RETITLED = "The harbour bridge is closed: ferries run all day, trams turn round at the quay"
STORY_SECTION, STORY_TAGS = "city", ("harbour", "transport")
STORY_FIRST = (
    "The harbour bridge was closed before dawn after workers had found a crack in its third pier.",
    "Nobody was hurt. The police ask drivers to take the ring road.",
)
STORY_CORRECTED = (
    "The harbour bridge was closed before dawn after workers had found a crack in its second pier.",
    "Nobody was hurt. Ferries run every ten minutes, and trams turn round at the quay.",
    "Correction: an earlier version of this article named the third pier. It is the second.",
)
