//! As much of JSON as this connector needs: it finds a member, copies values as they stand, and writes texts.

/// A JSON string.
pub fn quoted(text: &str) -> String {
    let mut json = String::with_capacity(text.len() + 2);
    json.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' | '\0'..='\x1f' => json.push_str(&format!("\\u{:04x}", character as u32)),
            other => json.push(other),
        }
    }
    json.push('"');
    json
}

/// The member `name` of an object, as it is written there.
pub fn member<'a>(object: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let mut rest = after_space(object).strip_prefix(b"{")?;
    loop {
        let (key, tail) = value(after_space(rest))?;
        let key = key.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        let (found, tail) = value(after_space(after_space(tail).strip_prefix(b":")?))?;
        if key == name.as_bytes() {
            return Some(found);
        }
        rest = after_space(tail).strip_prefix(b",")?;
    }
}

fn after_space(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|byte| !b" \t\n\r".contains(byte)).unwrap_or(text.len());
    &text[start..]
}

/// The value at the start of `text`, and what follows it; `None` when the text ends before the value does.
fn value(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (mut depth, mut is_quoted, mut index) = (0usize, false, 0);
    while index < text.len() {
        match (is_quoted, text[index]) {
            (true, b'\\') => index += 1,
            (true, b'"') if depth == 0 => return Some(text.split_at(index + 1)),
            (true, b'"') => is_quoted = false,
            (true, _) => {}
            (false, b'"') => is_quoted = true,
            (false, b'{' | b'[') => depth += 1,
            (false, b'}' | b']') if depth > 1 => depth -= 1,
            (false, b'}' | b']') if depth == 1 => return Some(text.split_at(index + 1)),
            (false, b'}' | b']' | b',' | b':' | b' ' | b'\t' | b'\n' | b'\r') if depth == 0 => {
                return Some(text.split_at(index));
            }
            _ => {}
        }
        index += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_found_and_copied_as_they_stand() {
        let object = br#" {"a": {"id": [1, "}"]}, "i\"d" : "x", "id":"n1", "likes": 3 }"#;
        assert_eq!(member(object, "id"), Some(&br#""n1""#[..]));
        assert_eq!(member(object, "likes"), Some(&b"3"[..]));
        assert_eq!(member(object, "a"), Some(&br#"{"id": [1, "}"]}"#[..]));
        assert_eq!(member(object, "none"), None);
    }

    #[test]
    fn half_an_object_has_no_member() {
        for end in 0..10 {
            assert_eq!(member(&br#"{"id":"n1"}"#[..end], "id"), None);
        }
    }

    #[test]
    fn texts_are_escaped() {
        assert_eq!(quoted("a\"\\\n\u{e9}"), "\"a\\u0022\\u005c\\u000a\u{e9}\"");
    }
}
