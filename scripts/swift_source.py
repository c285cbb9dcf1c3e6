"""Reads Swift source well enough for scripts/check-rules and scripts/check-imports."""
import re

IMPORT = re.compile(
    r"^[ \t]*(?:@\w+(?:\([^)]*\))?[ \t]+)*"
    r"(?:(?:public|package|internal|fileprivate|private)[ \t]+)?"
    r"import[ \t]+(?:(?:struct|class|enum|protocol|typealias|func|let|var|actor)[ \t]+)?(\w+)",
    re.MULTILINE,
)


def imports(text):
    """Yields (line, module) for every import outside comments and strings."""
    for match in IMPORT.finditer(code_only(text)):
        yield text.count("\n", 0, match.start(1)) + 1, match.group(1)


def code_only(text):
    """The text with comments and the words of strings blanked; line numbers stay.

    Code inside an interpolation stays: `"\\(Date())"` is a use of Date().
    """
    out = []
    _code(text, 0, out, inside_interpolation=False)
    return "".join(out)


def _blank(piece):
    return re.sub(r"[^\n]", " ", piece)


def _code(text, at, out, inside_interpolation):
    depth = 0
    while at < len(text):
        if text.startswith("//", at):
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            out.append(_blank(text[at:end]))
            at = end
        elif text.startswith("/*", at):
            end = _end_of_block_comment(text, at)
            out.append(_blank(text[at:end]))
            at = end
        elif opening := re.compile(r'(#*)("""|")').match(text, at):
            at = _string(text, opening, out)
        else:
            character = text[at]
            if inside_interpolation and character == "(":
                depth += 1
            elif inside_interpolation and character == ")":
                if depth == 0:
                    return at
                depth -= 1
            out.append(character)
            at += 1
    return at


def _end_of_block_comment(text, at):
    depth = 0
    for mark in re.compile(r"/\*|\*/").finditer(text, at):
        depth += 1 if mark.group() == "/*" else -1
        if depth == 0:
            return mark.end()
    return len(text)


def _string(text, opening, out):
    pounds, quote = opening.groups()
    out.append(opening.group())
    at = opening.end()
    close, escape = quote + pounds, "\\" + pounds
    while at < len(text):
        if text.startswith(close, at):
            out.append(close)
            return at + len(close)
        if text.startswith(escape + "(", at):
            out.append(_blank(escape) + "(")
            at = _code(text, at + len(escape) + 1, out, inside_interpolation=True)
        elif text.startswith(escape, at):
            out.append(_blank(text[at : at + len(escape) + 1]))
            at += len(escape) + 1
        elif text[at] == "\n" and quote == '"':
            return at  # no string: a quote in a regular expression
        else:
            out.append(_blank(text[at]))
            at += 1
    return at
