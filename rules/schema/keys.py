"""What each key of a rule file says, in a line that an editor shows beside it. The keys are those that rules/reading asks for."""

from collections.abc import Mapping

RULE: Mapping[str, str] = {
    "rule": "Its name, unlike any other in the project.",
    "title": "One line for people: what it finds.",
    "language": "The language of the texts in this file. Left out: the project's.",
    "owner": "The team that answers for it. Left out: the project's desk.",
    "watch": "The kind of case that is watched, such as parcel or order.",
    "from": "The event that opens a watch, or a list of them. Left out: the first event of the case.",
    "once": "true: one watch per case, ever.",
    "until": "The events that end a watch. One event alone, or a list, means solved.",
    "facts": "Names for the newest value of a field: NAME: EVENT.FIELD. Detectors and messages know no other names.",
    "detect": "One to twelve detectors by name, from the lightest to the gravest.",
    "tell": "How, to whom and how urgently it is told.",
    "message": "The words, section by section.",
    "tests": "Examples: what is given, and everything that then happens.",
}
UNTIL: Mapping[str, str] = {
    "solved": "Events after which it turned out well; told, unless `on_clear` is silent.",
    "moot": "Events after which it no longer matters; never told.",
}
DETECTOR: Mapping[str, str] = {
    "expect": "An event must come in time: by `by`, or within `within`.",
    "by": "The deadline of `expect`: a date or an instant, as a fact or an expression.",
    "within": "How long `expect` waits, from the opening or the newest `of`; or how long a whole `sequence` may take.",
    "of": "The event from which `within` counts. Left out: the opening of the watch.",
    "silence": "Events must keep coming: it is a problem when none came for `longer_than`.",
    "after": "The event that starts the clock of `silence`. Left out: the opening of the watch.",
    "longer_than": "How long a `silence` may last.",
    "when": "A condition that turns true, such as `chance_late >= 0.7 and promised - now >= 24h`.",
    "for": "How long `when` must stay true.",
    "clear": "The condition that lets `when` go. Left out: when it is no longer true.",
    "sequence": "Two to eight events, in this order.",
    "not": "Events that break a `sequence`.",
    "where": "Which of the named events count, asked of `it`, such as `it.amount > 0`.",
    "if": "Asked once, when it would take hold; if it is not true then, the chance is gone.",
    "grace": "How long to wait for latecomers before time alone decides. Left out: 2m.",
    "says": "Which wording of `message.what` it calls for. Its first word says how certain it is: may or is.",
}
TELL: Mapping[str, str] = {
    "urgency": "now passes quiet hours and caps; soon does not; digest waits for 09:00 and goes with others.",
    "class": "service and account need no consent; marketing does. account is private on push and SMS.",
    "channels": "Which channels fit. The customer's own order decides among them. Left out: email.",
    "next_update": "A promise: the customer hears again within this time. Left out: no promise.",
    "hand_over": "When people take over, and who.",
    "unless_open": "Rules whose open problem is the cause: while it is open, this one is held.",
    "on_clear": "Whether the good end is told.",
    "again": "How soon after a clear it counts as the same problem; never: no second one in this watch. Left out: 24h.",
    "worth_telling": "By fact: how much a told value must change to be worth an update.",
    "private": "true: push and SMS carry no detail. Left out: true for class account and where a payment or a card is read.",
}
HAND_OVER: Mapping[str, str] = {
    "to": "The desk that takes over. Left out: the project's.",
    "when_open_for": "How long the problem is open before people take over.",
}
MESSAGE: Mapping[str, str] = {
    "what": "What happened: one wording for each `says` of the detectors.",
    "effect": "What it means for the customer.",
    "why": "The cause, or that it is not known yet.",
    "sorry": "The apology. Needed where a detector says `is`, and said once per problem.",
    "doing": "What is being done about it.",
    "you_need_to": "What the customer has to do, or nothing.",
    "choices": "What the customer may choose: ids of choices.yaml, or [].",
    "cleared": "Said when it is over by itself.",
    "solved": "Said when an event of `until.solved` ended it.",
    "corrected": "Said when it turns out that it never was. Left out: the system's own sentence.",
}
TEST: Mapping[str, str] = {
    "name": "A sentence: what it shows.",
    "given": "The events that come in, in the order in which they come.",
    "then": "Everything that happens, in order, and no line may be missing; [] where nothing does.",
    "start": "The instant of 0h. Left out: 2026-03-02T09:00:00Z, a Monday.",
    "zone": "The time zone of the customer and the project, such as Europe/Berlin.",
    "customer": "Fields of the customer's profile, or unknown.",
    "with": "Names of other rules that are live too.",
    "live": "When this rule went live.",
    "disorder": "Read the lines as a file that is out of order by so much.",
    "until": "How far time runs on. Left out: to the last due time and a day.",
}
GIVEN: Mapping[str, str] = {
    "at": "When it reaches us, from the start of the test.",
    "event": "Which event it is.",
    "time": "When it happened, where it comes late. Left out: `at`.",
    "id": "Its own id. Left out: ids grow.",
    "source": "Its own source. Left out: all have one.",
}
THEN: Mapping[str, str] = {
    "at": "When it became true; of an answer on its own, when it was given.",
    "found": "When we saw it.",
    "opened": "A problem opened, by this detector.",
    "updated": "By this graver detector, or because this told fact changed.",
    "cleared": "Nothing holds any more; this detector let go last.",
    "corrected": "It never was: this detector was wrong.",
    "solved": "This event of `until.solved` ended it.",
    "moot": "This event of `until.moot` ended it.",
    "told": "The customer was told this: a wording of `says`, or cleared, solved, corrected.",
    "held": "It waits, for this reason.",
    "withheld": "It is not told, for this reason.",
    "news": "A promise was kept: nothing new yet.",
    "handed_over": "This desk took over.",
    "case": "Of which case, as parcel/P1.",
    "rule": "Of which rule, beside others.",
    "channel": "By which channel.",
}
PROFILE: Mapping[str, str] = {
    "customer_id": "Which customer. Left out: the one that the lines name.",
    "name": "How we address them.",
    "language": "Such as en or de-AT.",
    "zone": "Where they live, such as Europe/Berlin. Left out: UTC.",
    "email": "Their address for mail.",
    "phone": "Their number for text messages.",
    "quiet_from": "When their quiet hours begin. Left out: 21:00.",
    "quiet_until": "When their quiet hours end. Left out: 08:00.",
    "channels": "How they wish to hear from us, in their order.",
    "objects_to": "Rules, classes and urgencies of which they do not want to hear.",
    "agrees_to": "Classes to which they agreed, such as marketing.",
}
