//! Links and anchors of a page of Markdown, read by a parser of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};

use pulldown_cmark::{BrokenLink, CowStr, Event, Options, Parser, Tag, TagEnd};

/// Tags that pages may hold; anything else is text that lost its backslash.
const TAGS: [&str; 7] = ["<details>", "</details>", "<summary>", "</summary>", "<br>", "</a>", "<!--"];

/// What a page holds of links.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// Where its links lead.
    pub(crate) links: Vec<String>,
    /// What leads to parts of it: headings and named places.
    anchors: BTreeSet<String>,
    /// What is wrong with it by itself.
    faults: Vec<String>,
}

impl Page {
    /// Reads a page.
    pub(crate) fn read(text: &str) -> Self {
        let mut page = Self::default();
        let mut broken = Vec::new();
        let note = |link: BrokenLink<'_>| {
            broken.push(format!("`[{}]` is no link", link.reference));
            Some((CowStr::from("https://example.com"), CowStr::from("")))
        };
        let parser = Parser::new_with_broken_link_callback(text, Options::ENABLE_TABLES, Some(note));
        let mut heading: Option<String> = None;
        for event in parser {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.links.push(dest_url.to_string());
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    let anchor = slug(&heading.take().unwrap_or_default());
                    page.add_anchor(anchor);
                }
                Event::Text(part) | Event::Code(part) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&part);
                    }
                }
                Event::Html(tag) | Event::InlineHtml(tag) => page.add_tag(tag.trim()),
                _ => {}
            }
        }
        page.faults.extend(broken);
        page
    }

    fn add_anchor(&mut self, anchor: String) {
        if self.anchors.contains(&anchor) {
            self.faults.push(format!("the anchor {anchor} stands twice"));
        }
        self.anchors.insert(anchor);
    }

    fn add_tag(&mut self, tag: &str) {
        let named = tag.strip_prefix("<a id=\"").and_then(|rest| rest.split_once("\">"));
        if let Some((anchor, _)) = named {
            self.add_anchor(anchor.to_owned());
        } else if !TAGS.iter().any(|known| tag.starts_with(known)) {
            self.faults.push(format!("{tag} is a tag"));
        }
    }
}

/// The anchor that GitHub gives a heading.
fn slug(heading: &str) -> String {
    let kept = heading
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || "-_ ".contains(*c))
        .collect::<String>();
    kept.replace(' ', "-")
}

/// What is wrong with pages, by their paths in the repository.
pub(crate) fn broken(pages: &BTreeMap<PathBuf, Page>, root: &Path) -> Vec<String> {
    let mut complaints = Vec::new();
    for (path, page) in pages {
        let of_links = page.links.iter().filter_map(|link| fault(path, link, pages, root));
        let all = page.faults.iter().cloned().chain(of_links);
        complaints.extend(all.map(|fault| format!("{}: {fault}", path.display())));
    }
    complaints
}

/// What is wrong with a link on the page `from`.
fn fault(from: &Path, link: &str, pages: &BTreeMap<PathBuf, Page>, root: &Path) -> Option<String> {
    if link.starts_with("https://") || link.starts_with("http://") {
        return None;
    }
    let (file, anchor) = link.split_once('#').map_or((link, None), |(file, anchor)| (file, Some(anchor)));
    let target = if file.is_empty() { Some(from.to_owned()) } else { joined(from.parent()?, file) };
    let Some(target) = target else {
        return Some(format!("{link} leads out of the repository"));
    };
    let page = pages.get(&target);
    if page.is_none() && !root.join(&target).exists() {
        return Some(format!("{link} leads to no file"));
    }
    let has = |anchor: &str| page.is_some_and(|page| page.anchors.contains(anchor));
    anchor.filter(|anchor| !has(anchor)).map(|_| format!("{link} leads to no anchor"))
}

/// A path relative to a folder, without dots; none where it leads out of the repository.
fn joined(folder: &Path, file: &str) -> Option<PathBuf> {
    let mut target = PathBuf::new();
    for part in folder.join(file).components() {
        match part {
            Component::Normal(name) => target.push(name),
            Component::ParentDir => target.pop().then_some(())?,
            _ => {}
        }
    }
    Some(target)
}
