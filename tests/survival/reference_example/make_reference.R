# Expected values of the example in docs/examples/pbc, from R alone. Run: Rscript make_reference.R <cohort.csv>
suppressMessages({library(survival); library(cmprsk)})
path <- commandArgs(trailingOnly = TRUE)[1]
d <- read.csv(path, na.strings = "")
out <- list()
put <- function(name, value) out[[name]] <<- unname(as.numeric(value))

os <- summary(survfit(Surv(time, status == 2) ~ 1, d, conf.type = "log-log"))$table
put("os_median_days", os[c("median", "0.95LCL", "0.95UCL")]); put("os_events", os["events"])
tfs <- summary(survfit(Surv(time, status > 0) ~ 1, d, conf.type = "log-log"))$table
put("tfs_median_days", tfs[c("median", "0.95LCL", "0.95UCL")]); put("tfs_events", tfs["events"])
put("os_by_arm_p", 1 - pchisq(survdiff(Surv(time, status == 2) ~ arm, d)$chisq, 1))

month <- 30.4375
inc <- cuminc(d$time, d$status, cencode = 0)
put("transplant_60_96_months", timepoints(inc, c(60, 96) * month)$est[1, ])
put("death_60_96_months", timepoints(inc, c(60, 96) * month)$est[2, ])
arms <- cuminc(d$time, d$status, d$arm, cencode = 0)
put("gray_p", arms$Tests[c("1", "2"), "pv"])

r <- subset(d, !is.na(bilirubin_change)); r$bad <- as.integer(r$bilirubin_change == "rise")
L <- subset(r, time > 270 & bilirubin_day <= 270); L$t <- L$time - 270
km <- summary(survfit(Surv(t, status == 2) ~ bad, L))$table
put("landmark_n", table(L$bad)); put("landmark_median_days", km[, "median"])
fit <- coxph(Surv(t, status == 2) ~ bad, L)
put("landmark_hr", summary(fit)$conf.int[c(1, 3, 4)])
put("landmark_log_rank_p", 1 - pchisq(survdiff(Surv(t, status == 2) ~ bad, L)$chisq, 1))
own <- subset(r, bilirubin_day < time)
fit <- coxph(Surv(bilirubin_day, time, status == 2) ~ bad, own)
put("own_entry_hr", summary(fit)$conf.int[c(1, 3, 4)]); put("own_entry_n", nrow(own))

d$stage <- relevel(factor(d$stage), ref = "3"); d$edema <- relevel(factor(d$edema), ref = "0")
fit <- coxph(Surv(time, status == 2) ~ I(age / 10) + stage + edema + albumin + log_bilirubin + strata(sex), d)
m <- summary(fit)
for (i in seq_len(nrow(m$conf.int))) put(paste0("cox:", rownames(m$conf.int)[i]), m$conf.int[i, c(1, 3, 4)])
put("cox_n", c(fit$n, fit$nevent))

r$change <- factor(r$bilirubin_change, levels = c("fall", "stable", "rise"))
three <- function(name, fit) {
  put(paste0(name, "_hr"), summary(fit)$conf.int[, c(1, 3, 4)])
  put(paste0(name, "_lr_p"), summary(fit)$logtest["pvalue"])
}
three("published_three", coxph(Surv(time, status == 2) ~ change, r))
put("published_three_log_rank_p", 1 - pchisq(survdiff(Surv(time, status == 2) ~ change, r)$chisq, 2))
L$change <- factor(L$bilirubin_change, levels = c("fall", "stable", "rise"))
three("landmark_three", coxph(Surv(t, status == 2) ~ change, L))
put("landmark_three_log_rank_p", 1 - pchisq(survdiff(Surv(t, status == 2) ~ change, L)$chisq, 2))
own <- subset(r, bilirubin_day < time)
three("own_three", coxph(Surv(bilirubin_day, time, status == 2) ~ change, own))

library(splines)
fit <- coxph(Surv(time, status == 2) ~ I(age / 10) + stage + edema + albumin + ns(log_bilirubin, df = 3), d)
put("spline_hr", t(tail(summary(fit)$conf.int, 3)[, c(1, 3, 4)]))
bent <- coxph(Surv(time, status == 2) ~ ns(log_bilirubin, df = 3), d)
put("spline_p", anova(coxph(Surv(time, status == 2) ~ log_bilirubin, d), bent)[2, 4])
put("spline_knots", attr(ns(d$log_bilirubin, df = 3), "knots"))
text <- vapply(names(out), function(n) sprintf('  "%s": [%s]', n, paste(sprintf("%.12g", out[[n]]), collapse = ", ")), "")
head <- sprintf('  "made_with": "%s, survival %s, cmprsk %s"', R.version.string, packageVersion("survival"), packageVersion("cmprsk"))
writeLines(c("{", paste(c(head, text), collapse = ",\n"), "}"), "expected.json")
