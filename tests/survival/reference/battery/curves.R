# Survival curves, their bands, quartiles, numbers at risk, restricted means, follow-up and cumulative hazards.

source("recording.R")
record <- new_record()
put <- record$put
SHARES <- c(0.25, 0.5, 0.75)

for (case in read_cases("curves")) {
  frame <- read_data(case$data, case$only)
  group <- if (nzchar(case$group)) factor(frame[[case$group]]) else factor(rep("all", nrow(frame)))
  late <- nzchar(case$start)
  y <- response(case, frame)
  for (scale in c("log-log", "log", "plain")) for (label in levels(group)) {
    mine <- which(group == label)
    fit <- survfit(y[mine] ~ 1, conf.type = scale)
    key <- paste0(case$case, " | ", label)
    rows <- unique(round(seq(1, length(fit$time), length.out = 3)))
    if (scale == "log-log") {
      put(key, "lower", fit$time[rows], fit$lower[rows])
      put(key, "upper", fit$time[rows], fit$upper[rows])
    }
    put(key, paste(scale, "sums"), c("lower", "upper"), c(sum(fit$lower, na.rm = TRUE), sum(fit$upper, na.rm = TRUE)))
    q <- quantile(fit, SHARES)
    # with a lower band that rises again (late entry) quantile() starts from its highest point: not what is compared
    rises <- any(diff(na.omit(fit$lower)) > 0)
    shown <- if (scale == "log-log") 1:3 else 2
    put(key, paste(scale, "quantile upper"), SHARES[shown], q$upper[shown])
    if (!rises) put(key, paste(scale, "quantile lower"), SHARES[shown], q$lower[shown])
    if (scale != "log-log") next
    put(key, "quantile", SHARES, q$quantile)
    put(key, "survival", fit$time[rows], fit$surv[rows])
    put(key, "at_risk", fit$time[rows], fit$n.risk[rows])
    put(key, "counts", c("rows", "events", "censored", "survival"),
        c(length(fit$time), sum(fit$n.event), sum(fit$n.censor), sum(fit$surv)))
    put(key, "hazard", fit$time[rows], fit$cumhaz[rows])
    put(key, "hazard error", fit$time[rows], fit$std.chaz[rows])
    ticks <- pmin(round(quantile(fit$time, c(0.1, 0.5, 0.9), names = FALSE)) + 0.5, max(fit$time) - 0.5)
    s <- summary(fit, times = ticks)
    put(key, "at survival", ticks, s$surv)
    # counted: with late entry summary() reports the number at risk of the next row
    entered <- if (late) frame[[case$start]][mine] else 0
    put(key, "at at_risk", ticks, sapply(ticks, function(t) sum(entered < t & frame[[case$time]][mine] >= t)))
    if (!late) {
      put(key, "at at_risk in summary", ticks, s$n.risk)
      tau <- max(round(0.8 * max(fit$time)), min(fit$time))
      m <- summary(fit, rmean = tau)$table
      put(key, "rmean", c("tau", "mean", "error"), c(tau, m["rmean"], m["se(rmean)"]))
      reverse <- survfit(Surv(frame[[case$time]][mine], 1 - frame[[case$event]][mine]) ~ 1, conf.type = "log-log")
      q <- quantile(reverse, 0.5)
      put(key, "follow-up", c("median", "lower", "upper"), c(q$quantile, q$lower, q$upper))
    }
  }
}
record$write("curves.csv")
