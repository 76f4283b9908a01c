//! How an input is read: its form is found by its content, the texts inside it are followed, and
//! each of them gives blocks.

use std::collections::HashMap;
use std::ops::Range;

use zeroize::{Zeroize as _, Zeroizing};

use super::carrier::{self, Form, Value};
use super::container::{self, Found};
use super::key::KeyFormat;
use super::layer::{Draft, Layer, Map};
use super::locked::{self, Opener, Passwords};
use super::pkcs12::{self, ItemContent};
use super::{Armour, Block, Container, Content, Damage, DamageKind, Input, encoding, key, pem};
use crate::limits;
use crate::source::Source;

/// The form in which an input arrives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// By its content.
    #[default]
    Auto,
    /// Text with PEM blocks.
    Pem,
    /// DER: a certificate, a key, PKCS#7, PKCS#12; Java keystores, too.
    Der,
    /// Base64 without armour.
    Base64,
    /// JSON, one document or one a line.
    Json,
    /// YAML.
    Yaml,
    /// Terraform.
    Terraform,
    /// A file of environment variables.
    Env,
}

impl Format {
    /// Every form.
    pub const ALL: [Self; 8] =
        [Self::Auto, Self::Pem, Self::Der, Self::Base64, Self::Json, Self::Yaml, Self::Terraform, Self::Env];

    /// The name that people give it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Pem => "pem",
            Self::Der => "der",
            Self::Base64 => "base64",
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::Terraform => "terraform",
            Self::Env => "env",
        }
    }

    /// The form of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// Labels of PKCS#7 and CMS, which may hold certificates.
const SIGNED_DATA: [&[u8]; 3] = [b"PKCS7", b"PKCS #7 SIGNED DATA", b"CMS"];

/// How to read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The form of the file.
    pub format: Format,
    /// Passwords, all of which are tried on everything that is locked.
    pub passwords: Passwords,
}

impl Options {
    /// For text that is PEM whatever it looks like: what a server presents, what trust stores hold.
    #[must_use]
    pub fn pem() -> Self {
        Self { format: Format::Pem, ..Self::default() }
    }
}

impl Input {
    /// Reads a file.
    #[must_use]
    pub fn read_with(mut source: Source, options: &Options) -> Self {
        if options.format != Format::Der {
            encoding::recode(&mut source);
        }
        let mut reading = Reading::new(&source.bytes, &options.passwords);
        reading.file(options.format);
        let Reading { layers, mut blocks, der, excess, .. } = reading;
        let mut input = Self { source, layers, blocks: Vec::new(), excess, der };
        if input.layers.len() > 1 {
            blocks.sort_by_cached_key(|block| input.whole_of(block).map_or(0, |range| range.start));
        }
        for of_layer in blocks.chunk_by_mut(|one, next| one.layer == next.layer) {
            pem::tell_once(of_layer.iter_mut().map(|block| &mut block.damage));
        }
        let mut number = 0..;
        for block in &mut blocks {
            block.number = matches!(block.content, Content::Certificate(_)).then(|| number.next()).flatten();
        }
        input.blocks = blocks;
        input
    }
}

/// What was read so far.
struct Reading<'s> {
    source: &'s [u8],
    layers: Vec<Layer>,
    blocks: Vec<Block>,
    der: Vec<u8>,
    excess: Option<&'static str>,
    /// Numbers of objects, by the layer and the path of each.
    objects: HashMap<(usize, String), usize>,
    /// Octets of all layers but the file.
    octets: usize,
    opener: Opener<'s>,
}

impl<'s> Reading<'s> {
    fn new(source: &'s [u8], passwords: &'s Passwords) -> Self {
        Self {
            source,
            layers: vec![Layer::file()],
            blocks: Vec::new(),
            der: Vec::new(),
            excess: None,
            objects: HashMap::new(),
            octets: 0,
            opener: Opener::new(passwords),
        }
    }

    fn file(&mut self, format: Format) {
        let source = self.source;
        let forced = |form| {
            std::str::from_utf8(source).map_or_else(|_| Vec::new(), |text| carrier::values(form, text))
        };
        match format {
            Format::Auto => self.octets(0, source, 0),
            Format::Pem => self.text(0, source, 0, Vec::new()),
            Format::Der => self.der(0, source, 0..source.len()),
            Format::Base64 => self.base64(0, source, 0),
            Format::Json => self.text(0, source, 0, forced(Form::Json)),
            Format::Yaml => self.text(0, source, 0, forced(Form::Yaml)),
            Format::Terraform => self.text(0, source, 0, forced(Form::Terraform)),
            Format::Env => self.text(0, source, 0, forced(Form::Environment)),
        }
    }

    /// Reads a layer by its content.
    fn octets(&mut self, layer: usize, octets: &[u8], depth: usize) {
        if octets.first() == Some(&0x30) && carrier::is_element(octets) {
            return self.der(layer, octets, 0..octets.len());
        }
        // A SEQUENCE that is cut off, or followed by something; a container.
        let is_long = octets.first() == Some(&0x30) && octets.get(1).is_some_and(|length| *length >= 0x80);
        if is_long || Container::of(octets).is_some() {
            // Blocks that were glued to it.
            let Some(boundary) = memchr::memmem::find(octets, b"-----BEGIN") else {
                return self.der(layer, octets, 0..octets.len());
            };
            self.der(layer, &octets[..boundary], 0..boundary);
        }
        self.text(layer, octets, depth, Vec::new());
    }

    /// Reads a text. `known` are the values of a carrier whose form is given.
    fn text(&mut self, layer: usize, octets: &[u8], depth: usize, known: Vec<Value>) {
        let armours = pem::scan(octets);
        let is_deep = depth == limits::LAYER_DEPTH;
        let values = if known.is_empty() && !is_deep { detect(octets, &armours) } else { known };
        if armours.is_empty() && values.is_empty() {
            return self.base64(layer, octets, depth);
        }
        let lines = if values.is_empty() && !is_deep { escaped_lines(octets, &armours) } else { Vec::new() };
        self.der.reserve(octets.len() / 4 * 3);
        for (armour, damage) in armours {
            let start = armour.begin.start;
            let value = values.partition_point(|value| value.range.start <= start);
            let line = lines.partition_point(|line| line.start <= start);
            let is_inside = value > 0 && start < values[value - 1].range.end;
            if !is_inside && (line == 0 || start >= lines[line - 1].end) {
                self.block(layer, octets, armour, damage, depth);
            }
        }
        for line in lines {
            self.escaped(layer, octets, line, depth);
        }
        for value in values {
            self.value(layer, value, depth);
        }
    }

    fn value(&mut self, layer: usize, value: Value, depth: usize) {
        let Value { path, object, draft, .. } = value;
        let next = self.objects.len() + 1;
        let object = *self.objects.entry((layer, object)).or_insert(next);
        let Layer { path: outer, is_escaped, .. } = &self.layers[layer];
        let is_escaped = *is_escaped;
        let path = match (outer.is_empty(), path.is_empty()) {
            (true, _) => path,
            (_, true) => outer.clone(),
            _ => format!("{outer}: {path}"),
        };
        let Draft { octets, pieces } = draft;
        let map = Map::Pieces(pieces);
        self.inner(Layer { path, object, is_escaped, octets: Some(octets), parent: layer, map }, depth);
    }

    /// Line breaks that are written as backslash and n.
    fn escaped(&mut self, layer: usize, octets: &[u8], line: Range<usize>, depth: usize) {
        let Draft { octets, pieces } = carrier::unescaped(octets, line);
        let first = self.blocks.len();
        let found = self.derived(layer, octets, Map::Pieces(pieces));
        self.inner(Layer { is_escaped: true, ..found }, depth);
        if let Some(Block { armour: Some(armour), damage, .. }) = self.blocks.get_mut(first) {
            let at = armour.begin.end;
            damage.insert(
                0,
                Damage {
                    kind: DamageKind::NewlinesEscaped,
                    detail: "line breaks are written as a backslash and n".into(),
                    range: at..at + 1,
                },
            );
        }
    }

    /// Base64 without armour.
    fn base64(&mut self, layer: usize, text: &[u8], depth: usize) {
        if depth < limits::LAYER_DEPTH
            && let Some(octets) = carrier::decoded(text)
        {
            let found = self.derived(layer, octets, Map::Base64(0..text.len()));
            self.inner(found, depth);
        }
    }

    /// A layer that is another form of the layer that it stands in.
    fn derived(&self, parent: usize, octets: Zeroizing<Vec<u8>>, map: Map) -> Layer {
        let Layer { path, object, is_escaped, .. } = &self.layers[parent];
        Layer {
            path: path.clone(),
            object: *object,
            is_escaped: *is_escaped,
            octets: Some(octets),
            parent,
            map,
        }
    }

    /// Reads a layer inside another one.
    fn inner(&mut self, mut layer: Layer, depth: usize) {
        let octets = layer.octets.take().unwrap_or_default();
        self.octets += octets.len();
        if self.layers.len() == limits::LAYERS || self.octets > limits::LAYER_OCTETS {
            self.excess = Some("it holds more texts inside texts than are followed; split it");
            return;
        }
        let at = self.layers.len();
        self.layers.push(layer);
        self.octets(at, &octets, depth + 1);
        self.layers[at].octets = Some(octets);
    }

    fn block(&mut self, layer: usize, octets: &[u8], armour: Armour, mut damage: Vec<Damage>, depth: usize) {
        let text = &octets[armour.body.clone()];
        let content = match armour.kind() {
            pem::Kind::Other => {
                let mut decoded = Zeroizing::new(Vec::new());
                let found = pem::decode(text, armour.body.start, &mut decoded);
                pem::settle_other(octets, &armour, &mut damage, found, &decoded);
                let body = armour.body.clone();
                let is_signed_data = SIGNED_DATA.contains(&&octets[armour.label.clone()]);
                self.push(Block::new(layer, Some(armour), damage, Content::Other));
                if is_signed_data && depth < limits::LAYER_DEPTH {
                    let found = self.derived(layer, decoded, Map::Base64(body));
                    self.inner(found, depth);
                }
                return;
            }
            pem::Kind::Certificate => {
                let start = self.der.len();
                let found = pem::decode(text, armour.body.start, &mut self.der);
                let der = &self.der[start..];
                if pem::settle(octets, &armour, &mut damage, found, der) {
                    Content::Certificate(start..self.der.len())
                } else {
                    // It may be a key.
                    self.der[start..].zeroize();
                    self.der.truncate(start);
                    Content::UndecodedCertificate
                }
            }
            pem::Kind::Key(format) => {
                let (key, fault) = key::from_pem(format, text, armour.body.start, &mut self.opener);
                let is_malformed = !key.malformed.is_empty();
                pem::settle_key(octets, &armour, &mut damage, fault, is_malformed);
                Content::Key(Box::new(key))
            }
        };
        self.push(Block::new(layer, Some(armour), damage, content));
    }

    fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }

    /// Octets that are DER, or nothing.
    fn der(&mut self, layer: usize, octets: &[u8], range: Range<usize>) {
        let without_armour =
            |content, range| Block { octets: range, ..Block::new(layer, None, Vec::new(), content) };
        if let Some(container) = Container::of(octets) {
            return self.container(layer, container, octets);
        }
        match container::find(octets, &mut self.opener) {
            Found::Nothing => {}
            Found::Key(key) => self.push(without_armour(Content::Key(Box::new(key)), range)),
            Found::Certificates(places) => {
                for place in places {
                    let start = self.der.len();
                    self.der.extend_from_slice(&octets[place.clone()]);
                    self.push(without_armour(Content::Certificate(start..self.der.len()), place));
                }
            }
        }
    }

    /// The certificates and keys of a container.
    fn container(&mut self, layer: usize, container: Container, octets: &[u8]) {
        let opened = match container {
            Container::Pkcs12 => pkcs12::open_with(octets, &mut self.opener),
            Container::Jks | Container::Jceks => {
                Err(locked::Fault::Unsupported(container.title().to_owned()))
            }
        };
        let first = self.blocks.len();
        let needs_password = match &opened {
            Err(fault) => matches!(fault, locked::Fault::PasswordNeeded | locked::Fault::PasswordWrong),
            Ok(opened) => opened.needs_password,
        };
        match opened {
            Err(fault) => self.push(Block::new(layer, None, Vec::new(), Content::Locked(fault))),
            Ok(opened) => opened.items.into_iter().for_each(|item| self.item(layer, item)),
        }
        for block in &mut self.blocks[first..] {
            block.container = Some(container);
            block.needs_password = needs_password;
            block.octets = 0..octets.len();
        }
    }

    fn item(&mut self, layer: usize, item: pkcs12::Item) {
        let content = match item.content {
            ItemContent::Certificate(der) => {
                let start = self.der.len();
                self.der.extend_from_slice(&der);
                Content::Certificate(start..self.der.len())
            }
            ItemContent::Key(der, false) => Content::Key(Box::new(key::plain(&der))),
            ItemContent::Key(der, true) => Content::Key(Box::new(key::opened(KeyFormat::Pkcs8, Ok(der)))),
            ItemContent::LockedKey(fault) => {
                Content::Key(Box::new(key::opened(KeyFormat::Pkcs8, Err(fault))))
            }
        };
        let name = item.friendly_name;
        self.push(Block { name, ..Block::new(layer, None, Vec::new(), content) });
    }
}

/// The lines that hold blocks whose line breaks are written as a backslash and n.
fn escaped_lines(octets: &[u8], armours: &[(Armour, Vec<Damage>)]) -> Vec<Range<usize>> {
    let mut lines: Vec<Range<usize>> = Vec::new();
    for (armour, _) in armours {
        let Range { start, end } = armour.begin;
        let is_known = lines.last().is_some_and(|line| start < line.end);
        if !is_known && carrier::is_escaped_break(&octets[end..]) {
            let from = memchr::memrchr2(b'\n', b'\r', &octets[..start]).map_or(0, |at| at + 1);
            let to = memchr::memchr2(b'\n', b'\r', &octets[end..]).map_or(octets.len(), |at| end + at);
            lines.push(from..to);
        }
    }
    lines
}

/// The values of the carrier that a text is, if it is one.
fn detect(octets: &[u8], armours: &[(Armour, Vec<Damage>)]) -> Vec<Value> {
    if armours.is_empty() && !carrier::may_hold(octets) {
        return Vec::new();
    }
    let is_plain = |(armour, _): &(Armour, Vec<Damage>)| {
        let before = octets[..armour.begin.start].last();
        let after = octets.get(armour.begin.end);
        matches!(before, None | Some(b'\n' | b'\r' | 0xbf))
            && matches!(after, None | Some(b'\n' | b'\r' | b' ' | b'\t'))
    };
    let is_plain = !armours.is_empty() && armours.iter().all(is_plain);
    // No carrier begins with a boundary.
    if is_plain && octets.first() == Some(&b'-') {
        return Vec::new();
    }
    std::str::from_utf8(octets).map_or_else(|_| Vec::new(), |text| carrier::detect(text, is_plain))
}

impl Block {
    fn new(layer: usize, armour: Option<Armour>, damage: Vec<Damage>, content: Content) -> Self {
        Self {
            layer,
            armour,
            octets: 0..0,
            damage,
            content,
            number: None,
            container: None,
            needs_password: false,
            name: None,
        }
    }
}
