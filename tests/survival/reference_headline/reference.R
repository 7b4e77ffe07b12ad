# Reference figures of the headline table for the made-up cohort beside this script.
# Run: Rscript reference.R > reference.csv     (R 4.2.2, survival 3.5-3)
suppressMessages(library(survival))
cohort <- read.csv("cohort.csv", na.strings = "")
spans <- read.csv("spans.csv")
landmark <- 122
rows <- list()
keep <- function(row, column, value) rows[[length(rows) + 1]] <<- data.frame(row = row, column = column, value = value)
month <- 30.4375

medians <- function(d, time, event) summary(survfit(as.formula(sprintf("Surv(%s, %s) ~ 1", time, event)), data = d,
                                                     conf.type = "log-log"))$table
compare <- function(row, column, d) {
  fit <- summary(survfit(Surv(os_days, os_event) ~ bad, data = d, conf.type = "log-log"))$table[, "median"]
  keep(row, paste0(column, "_value"), (fit[1] - fit[2]) / month)
  test <- survdiff(Surv(os_days, os_event) ~ bad, data = d)
  keep(row, paste0(column, "_log_rank_p_value"), pchisq(test$chisq, 1, lower.tail = FALSE))
  keep(row, paste0(column, "_n_good"), sum(d$bad == 0))
  keep(row, paste0(column, "_n_bad"), sum(d$bad == 1))
}

os <- medians(cohort, "os_days", "os_event")
keep("median_os", "from_index_value", os["median"] / month)
keep("median_os", "from_index_lower", os["0.95LCL"] / month)
keep("median_os", "from_index_upper", os["0.95UCL"] / month)
relief <- medians(cohort[!is.na(cohort$relief_days), ], "relief_days", "relief_event")
keep("relief_duration", "from_index_value", relief["median"] / month)

sides <- list(
  symptomatic = list(good = "improved", bad = c("unchanged", "worse")),
  biochemical = list(good = c("CR", "PR", "SD"), bad = "PD"),
  imaging = list(good = c("CR", "PR", "SD"), bad = "PD")
)
responders <- list(symptomatic = "improved", biochemical = c("CR", "PR"), imaging = c("CR", "PR"))
for (domain in names(sides)) {
  response <- cohort[[paste0(domain, "_response")]]
  known <- response %in% c(sides[[domain]]$good, sides[[domain]]$bad)
  d <- cohort[known, ]
  d$bad <- as.integer(d[[paste0(domain, "_response")]] %in% sides[[domain]]$bad)
  d$day <- d[[paste0(domain, "_days")]]
  rate <- binom.test(sum(response %in% responders[[domain]]), nrow(d))
  keep(paste0(domain, "_rate"), "from_index_value", 100 * rate$estimate)
  keep(paste0(domain, "_rate"), "from_index_lower", 100 * rate$conf.int[1])
  keep(paste0(domain, "_rate"), "from_index_upper", 100 * rate$conf.int[2])
  compare(domain, "from_index", d)
  at <- d[d$os_days > landmark & d$day <= landmark, ]
  at$os_days <- at$os_days - landmark
  compare(domain, "landmark", at)
  own <- summary(coxph(Surv(day, os_days, os_event) ~ bad, data = d[d$os_days > d$day, ]))
  keep(domain, "own_entry_hazard_ratio", own$conf.int[1])
  keep(domain, "own_entry_hazard_ratio_lower", own$conf.int[3])
  keep(domain, "own_entry_hazard_ratio_upper", own$conf.int[4])
  keep(domain, "own_entry_hazard_ratio_p_value", own$coefficients[5])
}

ever <- cohort
ever$bad <- as.integer(is.na(ever$second_treatment_days))
compare("multiple_treatments", "from_index", ever)
for (day in c(183, 274, 365)) {
  at <- cohort[cohort$os_days > day, ]
  at$bad <- as.integer(is.na(at$second_treatment_days) | at$second_treatment_days > day)
  at$os_days <- at$os_days - day
  compare("multiple_treatments", paste0("landmark_", day), at)
}
switch <- summary(coxph(Surv(start_days, stop_days, event) ~ second_treatment, data = spans))
keep("multiple_treatments", "own_entry_hazard_ratio", switch$conf.int[1])
keep("multiple_treatments", "own_entry_hazard_ratio_lower", switch$conf.int[3])
keep("multiple_treatments", "own_entry_hazard_ratio_upper", switch$conf.int[4])

found <- do.call(rbind, rows)
found$value <- formatC(found$value, digits = 15, format = "g")
found$value <- trimws(found$value)
write.csv(found, row.names = FALSE, quote = FALSE)
