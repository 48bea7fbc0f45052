//! Around the API: health, the document, problem pages, the index, and what every answer has.

mod every_answer;
mod methods;
mod pages;
mod security_txt;
