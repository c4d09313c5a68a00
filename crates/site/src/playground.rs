//! The playground's page among those of a bundle: what is between its marks, in the frame of the site.

use crate::shell::{Part, Shell, render};
use askama::Template;
use rulecast_bundle::Manifest;

#[derive(Template)]
#[template(path = "playground.html")]
struct Page<'a> {
    shell: Shell<'a>,
    head: &'a str,
    main: &'a str,
}

/// The page `site/playground/index.html`, from the page that works alone; none if that lacks the marks.
pub fn playground(manifest: &Manifest, alone: &str) -> Option<Vec<u8>> {
    let (head, main) = (between(alone, "head")?, between(alone, "main")?);
    let info = &manifest.bundle;
    let shell = Shell {
        title: "Playground".to_owned(),
        root: "../",
        part: Part::Playground,
        bundle: &info.name,
        version: &info.version,
        author: &info.author,
        tool: &manifest.tool.version,
        attack: &manifest.attack.version,
        playground: true,
    };
    Some(render(&Page { shell, head, main }))
}

fn between<'a>(page: &'a str, mark: &str) -> Option<&'a str> {
    let (_, rest) = page.split_once(&format!("<!-- {mark} -->"))?;
    let (inner, _) = rest.split_once(&format!("<!-- /{mark} -->"))?;
    Some(inner.trim())
}

#[cfg(test)]
mod tests {
    use super::between;

    #[test]
    fn the_page_that_works_alone_has_the_marks() {
        let page = include_str!("../../playground/page/index.html");
        let (head, main) = (between(page, "head").unwrap(), between(page, "main").unwrap());
        assert!(head.contains("Content-Security-Policy") && head.contains("playground.css"), "{head}");
        assert!(main.starts_with("<div class=\"pg\">") && main.ends_with("</script>"), "{main}");
        assert_eq!(between("<!-- head -->", "head"), None);
    }
}
