# Three real data sets as cohort tables, and the values that the questions to them are held against.
# Run here: Rscript make_reference.R      (R 4.2.2, survival 3.5-3; the data are those of the package)
suppressMessages(library(survival))
rows <- list()
keep <- function(study, quantity, value)
  rows[[length(rows) + 1]] <<- data.frame(study = study, quantity = quantity, value = trimws(formatC(value, digits = 15, format = "g")))
write_cohort <- function(d, study) write.csv(d, file.path(study, "cohort.csv"), row.names = FALSE, quote = FALSE, na = "")
hazard <- function(study, name, fit, term = 1) {
  s <- summary(fit)
  keep(study, paste0(name, "_hazard_ratio"), s$conf.int[term, 1])
  keep(study, paste0(name, "_lower"), s$conf.int[term, 3])
  keep(study, paste0(name, "_upper"), s$conf.int[term, 4])
  keep(study, paste0(name, "_p_value"), s$coefficients[term, 5])
}
median_days <- function(fit) summary(fit)$table

# Stanford heart transplants (Crowley and Hu 1977): days as in `heart`, where a transplant has a day of its own
last <- aggregate(cbind(stop, event) ~ id, heart, max)
day <- heart[heart$transplant == 1, c("id", "start")]
d <- data.frame(subject = sprintf("H%03d", last$id), age_years = round(jasa$age[last$id], 3),
                surgery = ifelse(jasa$surgery[last$id] == 1, "true", "false"),
                transplant_days = day$start[match(last$id, day$id)], os_days = last$stop, os_event = last$event)
write_cohort(d, "transplant")
hazard("transplant", "naive", coxph(Surv(os_days, os_event) ~ !is.na(transplant_days), d))
s <- heart
s$age10 <- d$age_years[s$id] / 10
hazard("transplant", "start_stop", coxph(Surv(start, stop, event) ~ transplant, s))
full <- coxph(Surv(start, stop, event) ~ transplant + age10 + surgery, s)
for (i in 1:3) hazard("transplant", paste0("full_", c("switch", "age", "surgery")[i]), full, i)
at <- d[d$os_days > 60, ]
at$by_then <- !is.na(at$transplant_days) & at$transplant_days <= 60
at$os_days <- at$os_days - 60
hazard("transplant", "landmark_60", coxph(Surv(os_days, os_event) ~ by_then, at))
keep("transplant", "landmark_60_n_yes", sum(at$by_then))

# Primary biliary cirrhosis (Fleming and Harrington 1991): bilirubin at the first visit after baseline
base <- pbcseq[pbcseq$day == 0, ]
later <- pbcseq[pbcseq$day > 0, ]
first <- later[!duplicated(later$id), ]
i <- match(base$id, first$id)
ratio <- first$bili[i] / base$bili
d <- data.frame(subject = sprintf("P%03d", base$id), age_years = round(base$age, 3), sex = toupper(base$sex),
                biochemical_response = ifelse(is.na(ratio), "", ifelse(ratio >= 1.25, "PD", ifelse(ratio <= 0.5, "PR", "SD"))),
                biochemical_days = first$day[i], os_days = base$futime, os_event = as.integer(base$status == 2))
write_cohort(d, "cirrhosis")
known <- d[d$biochemical_response != "", ]
known$bad <- known$biochemical_response == "PD"
at <- known[known$os_days > 270 & known$biochemical_days <= 270, ]
at$os_days <- at$os_days - 270
m <- median_days(survfit(Surv(os_days, os_event) ~ bad, at))
keep("cirrhosis", "landmark_n_good", m[1, "records"]); keep("cirrhosis", "landmark_n_bad", m[2, "records"])
keep("cirrhosis", "landmark_median_good", m[1, "median"]); keep("cirrhosis", "landmark_median_bad", m[2, "median"])
hazard("cirrhosis", "landmark", coxph(Surv(os_days, os_event) ~ bad, at))
keep("cirrhosis", "landmark_log_rank_p_value", pchisq(survdiff(Surv(os_days, os_event) ~ bad, at)$chisq, 1, lower.tail = FALSE))
own <- known[known$biochemical_days < known$os_days, ]
hazard("cirrhosis", "own", coxph(Surv(biochemical_days, os_days, os_event) ~ bad, own))
keep("cirrhosis", "own_n_good", sum(!own$bad)); keep("cirrhosis", "own_n_bad", sum(own$bad))
full <- coxph(Surv(biochemical_days, os_days, os_event) ~ bad + I(age_years / 10) + I(sex == "M"), own)
for (i in 1:3) hazard("cirrhosis", paste0("full_", c("response", "age", "sex")[i]), full, i)

# Veterans' lung cancer trial (Kalbfleisch and Prentice 1980): months from diagnosis to randomisation
lag <- round(veteran$diagtime * 30.4375)
d <- data.frame(subject = sprintf("V%03d", seq_len(nrow(veteran))), index_date = "1970-01-01",
                diagnosis_date = as.Date("1970-01-01") - lag, age_years = veteran$age,
                arm = ifelse(veteran$trt == 1, "standard", "test"), karnofsky = veteran$karno,
                os_days = veteran$time, os_event = veteran$status)
write_cohort(d, "veteran")
m <- median_days(survfit(Surv(lag, lag + os_days, os_event) ~ 1, d, conf.type = "log-log"))
keep("veteran", "diagnosis_median", m["median"])
keep("veteran", "diagnosis_lower", m["0.95LCL"]); keep("veteran", "diagnosis_upper", m["0.95UCL"])
keep("veteran", "without_entry_median", median_days(survfit(Surv(lag + os_days, os_event) ~ 1, d))["median"])
hazard("veteran", "diagnosis_arm", coxph(Surv(lag, lag + os_days, os_event) ~ arm, d))
cut <- d; cut$os_event[cut$os_days > 200] <- 0; cut$os_days <- pmin(cut$os_days, 200)
hazard("veteran", "cutoff_arm", coxph(Surv(os_days, os_event) ~ arm, cut))
keep("veteran", "cutoff_events", sum(cut$os_event))

# The made-up cohort of the headline table: several responses at once, and a switch beside them
d <- read.csv("../reference_headline/cohort.csv", na.strings = "")
d$imaging <- ifelse(d$imaging_response %in% c("CR", "PR", "SD", "PD"), as.integer(d$imaging_response == "PD"), NA)
d$symptoms <- ifelse(d$symptomatic_response %in% c("improved", "unchanged", "worse"), as.integer(d$symptomatic_response != "improved"), NA)
d$entry <- pmax(d$imaging_days, d$symptomatic_days)
d$age10 <- d$age_years / 10
both <- d[!is.na(d$imaging) & !is.na(d$symptoms) & d$entry < d$os_days, ]
fit <- coxph(Surv(entry, os_days, os_event) ~ imaging + symptoms + age10, both)
for (i in 1:3) hazard("headline", paste0("responses_", c("imaging", "symptoms", "age")[i]), fit, i)
keep("headline", "responses_n", nrow(both))
split <- tmerge(both, both, id = subject, death = event(os_days, os_event), again = tdc(second_treatment_days))
split <- split[split$tstop > split$entry, ]
split$tstart <- pmax(split$tstart, split$entry)
fit <- coxph(Surv(tstart, tstop, death) ~ imaging + symptoms + age10 + again, split)
for (i in 1:4) hazard("headline", paste0("switched_", c("imaging", "symptoms", "age", "again")[i]), fit, i)
spans <- read.csv("../reference_headline/spans.csv")
fit <- coxph(Surv(start_days, stop_days, event) ~ second_treatment, spans)
keep("headline", "mantel_byar_by_score", summary(coxph(Surv(start_days, stop_days, event) ~ second_treatment, spans, ties = "breslow"))$sctest["pvalue"])
keep("headline", "strata_sex", exp(coef(coxph(Surv(os_days, os_event) ~ age10 + strata(sex), d)))[1])
responder <- d[!is.na(d$pfs_days) & !is.na(d$imaging) & d$imaging_days <= 122 & d$pfs_days > 122 & d$imaging_response != "PD", ]
responder$no <- as.integer(responder$imaging_response == "SD")
hazard("headline", "pfs_landmark", coxph(Surv(pfs_days - 122, pfs_event) ~ no, responder))
keep("headline", "pfs_landmark_n", nrow(responder))

write.csv(do.call(rbind, rows), "values.csv", row.names = FALSE, quote = FALSE)
