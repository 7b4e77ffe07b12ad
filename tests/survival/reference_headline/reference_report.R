# Reference figures of the report's further tables for the made-up cohort beside this script.
# Run: Rscript reference_report.R > reference_report.csv     (R 4.2.2, survival 3.5-3)
suppressMessages(library(survival))
cohort <- merge(read.csv("cohort.csv", na.strings = ""), read.csv("extra.csv", na.strings = ""), sort = FALSE)
spans <- read.csv("spans.csv")
month <- 30.4375
rows <- list()
keep <- function(table, row, column, value)
  rows[[length(rows) + 1]] <<- data.frame(table = table, row = row, column = column, value = as.numeric(value))

sides <- list(
  symptomatic = list(good = "improved", bad = c("unchanged", "worse"), responders = "improved"),
  biochemical = list(good = c("CR", "PR", "SD"), bad = "PD", responders = c("CR", "PR")),
  imaging = list(good = c("CR", "PR", "SD"), bad = "PD", responders = c("CR", "PR"))
)
with_side <- function(domain) {
  response <- cohort[[paste0(domain, "_response")]]
  d <- cohort
  d$bad <- ifelse(response %in% sides[[domain]]$bad, 1, ifelse(response %in% sides[[domain]]$good, 0, NA))
  d$day <- d[[paste0(domain, "_days")]]
  d
}
hazard <- function(table, row, fit, prefix = "hazard_ratio", p = "hazard_ratio_p_value") {
  found <- summary(fit)
  keep(table, row, prefix, found$conf.int[1, 1])
  keep(table, row, ifelse(prefix == "value", "lower", paste0(prefix, "_lower")), found$conf.int[1, 3])
  keep(table, row, ifelse(prefix == "value", "upper", paste0(prefix, "_upper")), found$conf.int[1, 4])
  keep(table, row, p, found$coefficients[1, 5])
}
form <- function(row, d) {
  table <- "headline_forms"
  for (side in 0:1) {
    name <- c("good", "bad")[side + 1]
    fit <- survfit(Surv(os_days, os_event) ~ 1, data = d[d$bad == side, ], conf.type = "log-log")
    last <- max(d$os_days[d$bad == side])
    for (at in c(12, 24, 36)) if (at * month <= last) {
      read <- summary(fit, times = at * month)
      keep(table, row, sprintf("%s_survival_%d_months", name, at), read$surv)
      keep(table, row, sprintf("%s_survival_%d_months_lower", name, at), read$lower)
      keep(table, row, sprintf("%s_survival_%d_months_upper", name, at), read$upper)
    }
    keep(table, row, paste0(name, "_events"), sum(d$os_event[d$bad == side]))
    keep(table, row, paste0(name, "_median_months"), summary(fit)$table["median"] / month)
  }
  tau <- floor(min(tapply(d$os_days, d$bad, max)) / 365.25) * 365.25
  means <- summary(survfit(Surv(os_days, os_event) ~ bad, data = d), rmean = tau)$table
  gain <- means[1, "rmean"] - means[2, "rmean"]
  error <- sqrt(sum(means[, "se(rmean)"]^2))
  keep(table, row, "rmst_tau_months", tau / month)
  keep(table, row, "rmst_difference_months", gain / month)
  keep(table, row, "rmst_lower_months", (gain - qnorm(0.975) * error) / month)
  keep(table, row, "rmst_upper_months", (gain + qnorm(0.975) * error) / month)
  test <- survdiff(Surv(os_days, os_event) ~ bad, data = d)
  keep(table, row, "log_rank_p_value", pchisq(test$chisq, 1, lower.tail = FALSE))
}
own <- function(row, d, index = 0) {
  d <- d[!is.na(d$bad) & d$day < d$os_days, ]
  hazard("sensitivity", row, coxph(Surv(day, os_days, os_event) ~ bad, data = d), "value", "p_value")
  keep("sensitivity", row, "n", nrow(d))
  keep("sensitivity", row, "events", sum(d$os_event))
}
interaction_p <- function(row, d, other) {
  d$other <- other
  d <- d[!is.na(d$bad) & !is.na(d$other) & d$day < d$os_days, ]
  fit <- coxph(Surv(day, os_days, os_event) ~ bad + other + bad:other, data = d)
  keep("sensitivity", row, "p_value", summary(fit)$coefficients["bad:other", 5])
}
year <- as.integer(format(as.Date(cohort$index_date), "%Y"))
split <- floor(median(year))
before <- as.numeric(as.Date(cohort$index_date) - as.Date(cohort$diagnosis_date))

for (domain in names(sides)) {
  d <- with_side(domain)
  known <- d[!is.na(d$bad), ]
  form(paste0(domain, ".from_index"), known)
  hazard("headline_forms", paste0(domain, ".from_index"), coxph(Surv(os_days, os_event) ~ bad, data = known))
  at <- known[known$os_days > 122 & known$day <= 122, ]
  at$os_days <- at$os_days - 122
  form(paste0(domain, ".landmark"), at)
  hazard("headline_forms", paste0(domain, ".landmark"), coxph(Surv(os_days, os_event) ~ bad, data = at))
  clock <- known[known$os_days > known$day, ]
  hazard("headline_forms", paste0(domain, ".own_clock"), coxph(Surv(day, os_days, os_event) ~ bad, data = clock))
  clock$os_days <- clock$os_days - clock$day
  form(paste0(domain, ".own_clock"), clock)

  own(paste0(domain, ".main"), d)
  own(paste0(domain, ".window"), d[which(d$day >= 42 & d$day <= 183), ])
  own(paste0(domain, ".early_window"), d[which(d$day >= 42 & d$day <= 112), ])
  own(paste0(domain, ".early"), d[year <= split, ])
  own(paste0(domain, ".late"), d[year > split, ])
  interaction_p(paste0(domain, ".era"), d, as.numeric(year > split))
  shifted <- d
  shifted$os_days <- d$os_days + before
  shifted$day <- d$day + before
  own(paste0(domain, ".diagnosis"), shifted)
  for (mark in c(91, 122, 183)) {
    at <- known[known$os_days > mark & known$day <= mark, ]
    hazard("sensitivity", sprintf("%s.landmark_%d", domain, mark),
           coxph(Surv(os_days - mark, os_event) ~ bad, data = at), "value", "p_value")
  }
  entered <- known[known$day < known$os_days, ]
  entered$works <- as.integer(entered$functional == "true")  # constant among patients with a marker: dropped by R too
  adjusted <- coxph(Surv(day, os_days, os_event) ~ bad + I(age_years / 10) + sex + works, data = entered)
  hazard("sensitivity", paste0(domain, ".complete_case"), adjusted, "value", "p_value")
  response <- d[[paste0(domain, "_response")]]
  alive <- d[d$os_days > 122 & !(response %in% "asymptomatic"), ]
  alive$bad <- ifelse(!is.na(alive$day) & alive$day <= 122 & !is.na(alive$bad), alive$bad, 1)
  hazard("sensitivity", paste0(domain, ".missing_as_bad"),
         coxph(Surv(os_days - 122, os_event) ~ bad, data = alive), "value", "p_value")
}
d <- with_side("imaging")
own("imaging.image", d[d$imaging_source == "image", ])
own("imaging.report", d[d$imaging_source == "report", ])
interaction_p("imaging.source", d, as.numeric(d$imaging_source == "report"))
d <- with_side("biochemical")
change <- ifelse(is.na(d$bad), NA, d$biochemical_change_pct)
for (at in c(25, 50)) {
  d$bad <- as.numeric(change >= at)
  own(sprintf("biochemical.rise_%d", at), d)
  d$bad <- as.numeric(change > -at)
  own(sprintf("biochemical.fall_%d", at), d)
}

median_row <- function(row, fit) {
  found <- summary(fit)$table
  keep("sensitivity", row, "value", found["median"] / month)
  keep("sensitivity", row, "lower", found["0.95LCL"] / month)
  keep("sensitivity", row, "upper", found["0.95UCL"] / month)
}
total <- cohort$os_days + before
whole <- function(formula, data = cohort) survfit(formula, data = data, conf.type = "log-log")
median_row("os.early", whole(Surv(os_days, os_event) ~ 1, cohort[year <= split, ]))
median_row("os.late", whole(Surv(os_days, os_event) ~ 1, cohort[year > split, ]))
median_row("os.diagnosis_naive", whole(Surv(total, os_event) ~ 1))
median_row("os.diagnosis_delayed_entry", whole(Surv(before, total, os_event) ~ 1))

seen <- cohort[!is.na(cohort$pfs_lower_days), ]
seen$pfs_lower_days[seen$pfs_lower_days == 0] <- NA  # from day 0 on: left-censored
fit <- survreg(Surv(pfs_lower_days, pfs_upper_days, type = "interval2") ~ 1, data = seen, dist = "weibull",
               control = survreg.control(rel.tolerance = 1e-13, maxiter = 200))
read <- predict(fit, newdata = seen[1, ], type = "uquantile", p = 0.5, se.fit = TRUE)
keep("sensitivity", "pfs.weibull", "value", exp(read$fit) / month)
keep("sensitivity", "pfs.weibull", "lower", exp(read$fit - qnorm(0.975) * read$se.fit) / month)
keep("sensitivity", "pfs.weibull", "upper", exp(read$fit + qnorm(0.975) * read$se.fit) / month)

for (name in c("response_rate", "disease_control")) {
  codes <- if (name == "response_rate") sides$imaging$responders else sides$imaging$good
  known <- cohort[cohort$imaging_response %in% c("CR", "PR", "SD", "PD"), ]
  hits <- tapply(known$imaging_response %in% codes, known$imaging_source, sum)[c("image", "report")]
  n <- table(known$imaging_source)[c("image", "report")]
  p <- hits / n
  one <- prop.test(hits[1], n[1], correct = FALSE)$conf.int
  two <- prop.test(hits[2], n[2], correct = FALSE)$conf.int
  row <- sprintf("imaging.%s.image_less_report", name)
  keep("response", row, "share", p[1] - p[2])
  keep("response", row, "lower", p[1] - p[2] - sqrt((p[1] - one[1])^2 + (two[2] - p[2])^2))
  keep("response", row, "upper", p[1] - p[2] + sqrt((one[2] - p[1])^2 + (p[2] - two[1])^2))
  keep("response", row, "p_value", fisher.test(cbind(hits, n - hits))$p.value)
}

relief <- cohort[!is.na(cohort$relief_days), ]
died <- grepl("death", relief$relief_reason) & relief$relief_event == 1
state <- factor(ifelse(relief$relief_event == 0, 0, ifelse(died, 2, 1)), 0:2, c("censored", "recurrence", "death"))
competing <- survfit(Surv(relief_days, state) ~ 1, data = relief)
for (at in c(12, 24, 36))
  keep("relief", "death_competing", sprintf("survival_%d_months", at),
       1 - summary(competing, times = at * month)$pstate[, competing$states == "recurrence"])
censored <- summary(survfit(Surv(relief_days, state == "recurrence") ~ 1, data = relief, conf.type = "log-log"))$table
keep("relief", "death_censored", "median_months", censored["median"] / month)

observed <- expected <- variance <- 0
for (at in unique(spans$stop_days[spans$event == 1])) {
  risk <- spans$start_days < at & spans$stop_days >= at
  dead <- risk & spans$stop_days == at & spans$event == 1
  n <- sum(risk); k <- sum(risk & spans$second_treatment == 1); m <- sum(dead)
  observed <- observed + sum(dead & spans$second_treatment == 1)
  expected <- expected + m * k / n
  if (n > 1) variance <- variance + m * k / n * (1 - k / n) * (n - m) / (n - 1)
}
keep("second_treatment", "start_stop", "observed_after_second_treatment", observed)
keep("second_treatment", "start_stop", "expected_after_second_treatment", expected)
keep("second_treatment", "start_stop", "mantel_byar_p_value",
     pchisq((observed - expected)^2 / variance, 1, lower.tail = FALSE))

found <- do.call(rbind, rows)
found <- found[!is.na(found$value), ]
found$value <- trimws(formatC(found$value, digits = 15, format = "g"))
write.csv(found, row.names = FALSE, quote = FALSE)
