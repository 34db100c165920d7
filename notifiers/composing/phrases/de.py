"""The system's sentences in German."""

from notifiers.composing.phrases.phrases import Phrases

GERMAN = Phrases(
    nothing_to_do="Sie müssen nichts tun.",
    choices="Sie haben die Wahl:",
    noticed_late="Wir haben das erst nach {length} bemerkt, später als wir sollten.",
    hear_again="Sie hören wieder von uns bis {moment}.",
    as_of="Das ist unser Stand vom {moment}.",
    why_you="Sie bekommen diese Nachricht, weil es um {label} geht.",
    person="Wenn Sie lieber mit einem Menschen sprechen möchten, antworten Sie auf diese Nachricht.",
    person_at="Wenn Sie lieber mit einem Menschen sprechen möchten: {address}",
    preferences="Wenn Sie solche Nachrichten nicht möchten, sagen Sie es uns in einer Antwort.",
    preferences_at="Welche Nachrichten Sie wann bekommen, bestimmen Sie selbst: {address}",
    sender="Von {sender}, Code {code}.",
    sender_at=("Von {sender}, Code {code}. Ob sie wirklich von uns kommt, sehen Sie mit Code und Kundennummer unter {address}"),
    nothing_new="Zu {label} gibt es noch nichts Neues.",
    known_now="Das wissen wir jetzt über {label}.",
    cannot_see="Wir sehen im Moment nicht den neuesten Stand zu {label}.",
    still_on_it="Wir hatten gesagt, dass Sie von uns hören, und bleiben dran.",
    corrected="Was wir Ihnen zu {label} geschrieben haben, war nicht richtig. Das Problem ist nicht eingetreten.",
    private="Es gibt Neues für Sie.",
    private_effect="Zum Schutz Ihrer Daten stehen hier keine Einzelheiten. Sie finden sie in Ihrem Konto.",
    several="{count} Nachrichten für Sie",
    to_desk="Bitte übernehmen Sie {case} (Regel {rule}, Kunde {customer}): {why}",
    open_too_long="Das Problem ist länger offen, als die Regel erlaubt.",
    no_news="Der Kunde soll Neues hören, und es gibt nichts Neues.",
    fourth_notice="Der Kunde hat dazu so viele Nachrichten bekommen, wie es zu einem Problem geben darf.",
    gave_up="Kein Kanal hat die Nachricht angenommen.",
    cannot_say="Die Nachricht ließ sich nicht in Worte fassen: {detail}.",
    nobody_known="Niemand weiß, welchem Kunden es zu sagen ist.",
    complained="Es gibt eine offene Beschwerde, deshalb ging diese Nachricht nicht hinaus: {title}",
)
