//! Embeds `rules/` and `errors/` in the binary: arrays of rules, profiles and errors. Of a rule file, it reads what
//! every start of the program needs, so that the program need not.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use toml::de::{DeArray, DeTable, DeValue};

#[expect(clippy::disallowed_methods, reason = "cargo passes its paths in the environment")]
fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=errors");
    let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let root = package.join("rules");
    let mut code = String::new();
    let (profiles, sources): (Vec<PathBuf>, Vec<PathBuf>) =
        folders(&root)?.into_iter().partition(|folder| folder.ends_with("profiles"));
    let rules = sources.iter().map(|folder| files(folder)).collect::<io::Result<Vec<_>>>()?.concat();
    self::rules(&mut code, &rules, &root)?;
    let profiles = profiles.iter().map(|folder| files(folder)).collect::<io::Result<Vec<_>>>()?.concat();
    array(&mut code, "PROFILES", &profiles, &root.join("profiles"));
    let target = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(target.join("embedded.rs"), code)?;
    let mut code = String::new();
    let errors = package.join("errors");
    array(&mut code, "ERRORS", &files(&errors)?, &errors);
    fs::write(target.join("errors.rs"), code)
}

fn folders(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> = fs::read_dir(root)?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    Ok(found)
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    found.sort();
    Ok(found)
}

/// An array of names, without `.toml`, and texts.
fn array(code: &mut String, name: &str, files: &[PathBuf], root: &Path) {
    let _ = writeln!(code, "pub(super) static {name}: &[(&str, &str)] = &[");
    for file in files {
        let id = id(file, root);
        let _ = writeln!(code, "    ({id:?}, include_str!({:?})),", file.display().to_string());
    }
    let _ = writeln!(code, "];");
}

/// The path of a file below the root, without `.toml`.
fn id(file: &Path, root: &Path) -> String {
    let id = file.strip_prefix(root).expect("files lie below the root").with_extension("");
    id.to_string_lossy().replace('\\', "/")
}

/// An array of rules.
fn rules(code: &mut String, files: &[PathBuf], root: &Path) -> io::Result<()> {
    let _ = writeln!(code, "static RULES: &[Embedded] = &[");
    for file in files {
        let (id, path) = (id(file, root), file.display().to_string());
        let name = format!("rules/{id}.toml");
        let text = fs::read_to_string(file)?;
        let head = head(&text).map_or_else(|| "None".to_owned(), |head| format!("Some({head})"));
        let _ = writeln!(
            code,
            "    Embedded {{ id: {id:?}, path: {name:?}, text: include_str!({path:?}), head: {head} }},"
        );
    }
    let _ = writeln!(code, "];");
    Ok(())
}

/// The head of a rule. `None` where the file is not as it should be: the program reads all of it then, and says why.
fn head(text: &str) -> Option<String> {
    let table = DeTable::parse(text).ok()?.into_inner();
    let place = |key| table.get(key).map(toml::Spanned::span);
    let text = |key| match table.get(key) {
        None => Some(None),
        Some(value) => value.get_ref().as_str().map(Some),
    };
    Some(format!(
        "Head {{ severity: {:?}, subject: {:?}, from: {:?}, until: {:?}, each: {:?}, when: {:?}, check: {:?}, params: {} }}",
        text("severity")??,
        text("subject")??,
        text("from")?,
        text("until")?,
        place("each"),
        place("when"),
        place("check")?,
        params(&table)?,
    ))
}

/// The function that makes the parameters of a rule.
fn params(rule: &DeTable<'_>) -> Option<String> {
    let Some(table) = rule.get("params") else {
        return Some("BTreeMap::new".to_owned());
    };
    let mut entries = String::new();
    for (name, value) in table.get_ref().as_table()? {
        let _ = write!(entries, "({:?}.to_owned(), Param::{}),", name.get_ref(), param(value.get_ref())?);
    }
    Some(format!("|| BTreeMap::from([{entries}])"))
}

fn param(value: &DeValue<'_>) -> Option<String> {
    Some(match value {
        DeValue::Boolean(value) => format!("Bool({value})"),
        DeValue::String(text) => format!("String({text:?}.to_owned())"),
        DeValue::Integer(_) => format!("Int({})", integer(value)?),
        DeValue::Array(items) => {
            match each(items, |item| item.as_str().map(|text| format!("{text:?}.to_owned()"))) {
                Some(texts) => format!("Strings(vec![{texts}])"),
                None => format!("Ints(vec![{}])", each(items, |item| Some(integer(item)?.to_string()))?),
            }
        }
        _ => return None,
    })
}

fn each(items: &DeArray<'_>, code: impl Fn(&DeValue<'_>) -> Option<String>) -> Option<String> {
    let codes: Option<Vec<String>> = items.iter().map(|item| code(item.get_ref())).collect();
    codes.map(|codes| codes.join(", "))
}

fn integer(value: &DeValue<'_>) -> Option<i64> {
    let number = value.as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}
