//! Nothing: the programs stand on their own.
