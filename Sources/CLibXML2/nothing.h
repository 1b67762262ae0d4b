#pragma once
// Deliberately empty: this target only makes pkg-config's flags for libxml2 known to CXML. libxml2's own headers
// pull in ICU's, which clash with Foundation's, so no Swift module may ever see them.
