"""What a message may offer: choices.yaml in, each choice with its texts by language and its link out."""

from collections.abc import Mapping

from contracts.tell import LINKS, Choice
from rules.reading.part import Faults, Part, as_text, shape
from rules.reading.terms import LANGUAGE
from rules.suggest import listed
from rules.yaml import Map, Node


def read_choices(node: Node) -> Mapping[str, Choice]:
    """Return the choices by their ids. Raises Faulty."""
    faults = Faults()
    if not isinstance(node, Map):
        faults.refuse(node.place, f"the file is {shape(node)}", "write such as `wait: {en: I will wait}`")
        node = Map((), node.place)
    part = Part(node, faults)
    choices = {name: _choice(part, name) for name in part.entries}
    faults.close()
    return choices


def _choice(file: Part, name: str) -> Choice:
    part = file.part(name)
    if part is None:
        return Choice(choice=name, texts={})
    link, texts = part.text("link") or None, {}
    for language, (key, node) in part.entries.items():
        found = as_text(node, f"`{language}`", part.faults)
        if language == "link":
            continue
        if LANGUAGE.fullmatch(language) is None:
            part.faults.refuse(key.place, f"`{language}` is neither a language nor `link`", "write such as `en: I will wait`")
        texts[language] = found.text if found else ""
    if not texts:
        part.faults.refuse(part.place, f"the choice `{name}` has no text", "write such as `en: I will wait`")
    if link and not link.startswith(LINKS):
        part.faults.refuse(part.place_of("link"), f"'{link}' is not a link", f"begin with {listed(LINKS)}")
    return Choice(choice=name, texts=texts, link=link)
