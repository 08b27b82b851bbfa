//! The examples are the programs beside this folder; the library is empty.
