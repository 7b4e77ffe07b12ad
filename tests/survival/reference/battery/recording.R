# How cases are read and values are written: cases/*.csv say what is computed, by R here and by Python in the tests.

library(survival)
tight <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)

read_data <- function(name, only = "") {
  file <- Filter(file.exists, file.path(c("data", "../data"), paste0(name, ".csv")))[1]
  frame <- read.csv(file)
  # cox.zph(transform = "identity") fails on integer times
  frame[] <- lapply(frame, function(x) if (is.integer(x)) as.numeric(x) else x)
  if (nzchar(only)) frame <- subset(frame, eval(parse(text = only), frame))
  frame
}

read_cases <- function(name) {
  cases <- read.csv(file.path("cases", paste0(name, ".csv")), colClasses = "character")
  cases[is.na(cases)] <- ""
  lapply(split(cases, seq_len(nrow(cases))), as.list)
}

words <- function(text) strsplit(text, " ")[[1]]

response <- function(case, frame) if (nzchar(case$start)) Surv(frame[[case$start]], frame[[case$time]], frame[[case$event]]) else
  Surv(frame[[case$time]], frame[[case$event]])

new_record <- function() {
  rows <- list()
  list(
    put = function(case, item, name, value) {
      value <- as.numeric(value)
      rows[[length(rows) + 1]] <<- data.frame(case = case, item = item, name = as.character(name),
                                              value = formatC(value, digits = 15, format = "g", width = 1))
    },
    write = function(file) write.csv(do.call(rbind, rows), file, row.names = FALSE, quote = FALSE)
  )
}
