//! Rule documents to rules.
