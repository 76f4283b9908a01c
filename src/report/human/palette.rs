//! The styles of the format for people: those of the annotated lines, so that both
//! look like one. Knows nothing of terminals.

use annotate_snippets::renderer;
use anstyle::{AnsiColor, Effects, Style};

use crate::finding::Severity;

/// The styles in use; all empty without colour.
pub(super) struct Palette {
    pub(super) error: Style,
    pub(super) warning: Style,
    pub(super) info: Style,
    pub(super) good: Style,
    pub(super) help: Style,
    pub(super) line_number: Style,
    pub(super) strong: Style,
    pub(super) faint: Style,
}

impl Palette {
    pub(super) const PLAIN: Self = Self {
        error: Style::new(),
        warning: Style::new(),
        info: Style::new(),
        good: Style::new(),
        help: Style::new(),
        line_number: Style::new(),
        strong: Style::new(),
        faint: Style::new(),
    };

    pub(super) const COLOR: Self = Self {
        error: renderer::DEFAULT_ERROR_STYLE,
        warning: renderer::DEFAULT_WARNING_STYLE,
        info: renderer::DEFAULT_INFO_STYLE,
        good: AnsiColor::BrightGreen.on_default().effects(Effects::BOLD),
        help: renderer::DEFAULT_HELP_STYLE,
        line_number: renderer::DEFAULT_LINE_NUM_STYLE,
        strong: Style::new().effects(Effects::BOLD),
        faint: Style::new().effects(Effects::DIMMED),
    };

    /// The style of a level.
    pub(super) fn level(&self, severity: Severity) -> Style {
        match severity {
            Severity::Error => self.error,
            Severity::Warning => self.warning,
            Severity::Info => self.info,
        }
    }
}
