# Cumulative incidence (survfit with states, and cmprsk), Gray's tests and cause-specific Cox models.

source("recording.R")
library(cmprsk)
record <- new_record()
put <- record$put

for (case in read_cases("competing")) {
  frame <- read_data(case$data, case$only)
  codes <- sort(setdiff(unique(frame$code), 0))
  late <- nzchar(case$start)
  state <- factor(frame$code, c(0, codes))
  frame$row <- seq_len(nrow(frame))
  group <- factor(frame[[case$group]])
  for (label in levels(group)) {
    mine <- group == label
    fit <- if (late) survfit(Surv(frame$start, frame[[case$time]], state)[mine] ~ 1, id = frame$row[mine]) else
      survfit(Surv(frame[[case$time]], state)[mine] ~ 1)
    # a fixed name of each part of the multistate object: the first state is (s0)
    at <- unique(round(seq(2, length(fit$time), length.out = 4)))
    for (k in seq_along(codes)) for (part in c("pstate", "std.err", "lower", "upper"))
      put(paste(case$case, "|", label), paste(part, codes[k]), fit$time[at], fit[[part]][at, k + 1])
  }
  if (late) next
  test <- function(rho, ...) cuminc(frame[[case$time]], frame$code, group, rho = rho, ...)$Tests
  for (rho in 0:1) {
    found <- test(rho)
    put(case$case, paste("gray", rho), rownames(found), found[, "stat"])
    if (nzchar(case$strata)) {
      found <- test(rho, strata = frame[[case$strata]])
      put(case$case, paste("gray strata", rho), rownames(found), found[, "stat"])
    }
  }
  found <- test(0)
  put(case$case, "gray df", rownames(found), found[, "df"])
  whole <- cuminc(frame[[case$time]], frame$code)
  ticks <- round(quantile(frame[[case$time]], c(0.2, 0.5, 0.8), names = FALSE)) + 0.5
  for (k in codes) {
    read <- timepoints(whole[paste("1", k)], ticks)
    put(paste(case$case, "| cmprsk"), paste("estimate", k), ticks, read$est)
    put(paste(case$case, "| cmprsk"), paste("variance", k), ticks, read$var)
  }
  for (k in codes) {
    fit <- coxph(Surv(frame[[case$time]], frame$code == k) ~ group, control = tight)
    put(case$case, paste("cause-specific coefficient", k), levels(group)[-1], coef(fit))
    put(case$case, paste("cause-specific error", k), levels(group)[-1], sqrt(diag(fit$var)))
  }
}
record$write("competing.csv")
