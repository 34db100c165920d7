"""The system's sentences in English."""

from notifiers.composing.phrases.phrases import Phrases

ENGLISH = Phrases(
    nothing_to_do="You do not need to do anything.",
    choices="You can choose:",
    noticed_late="We noticed this {length} after it happened, later than we should.",
    hear_again="You will hear from us again by {moment}.",
    hear_again_short="We write again by {moment}.",
    as_of="This is what we knew on {moment}.",
    why_you="You get this message because it concerns {label}.",
    person="If you would rather speak with a person, answer this message.",
    person_at="If you would rather speak with a person: {address}",
    preferences="If you do not want messages like this, tell us in an answer.",
    preferences_at="Which messages you get, and when, is your choice: {address}",
    sender="From {sender}, code {code}.",
    sender_at=(
        "From {sender}, code {code}. To check that it is really from us, enter the code and your customer number at {address}"
    ),
    nothing_new="There is nothing new about {label} yet.",
    known_now="This is what we know now about {label}.",
    cannot_see="We cannot see the newest state of {label} at the moment.",
    still_on_it="We said that you would hear from us, and we are still on it.",
    corrected="What we told you about {label} was not right. The problem did not happen.",
    no_longer_so="On {moment} we told you something about {label} that is no longer right.",
    wrote="We wrote: “{was}” Now it is:",
    private="There is news for you.",
    private_effect="To protect your privacy this message has no details. You find them in your account.",
    several="{count} messages for you",
    to_desk="Please take over {case} (rule {rule}, customer {customer}): {why}",
    open_too_long="the problem has been open for longer than the rule allows.",
    no_news="the customer was promised news, and there is none to give.",
    fourth_notice="the customer has had as many messages about this as one problem may send.",
    told_too_often="what the customer was told has changed again, after two corrections.",
    gave_up="no channel took the message.",
    cannot_say="the message could not be put into words: {detail}.",
    nobody_known="nobody knows which customer to tell.",
    complained="there is an open complaint, so this message was not sent: {title}",
)
