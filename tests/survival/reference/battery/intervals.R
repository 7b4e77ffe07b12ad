# Interval-censored times: the nonparametric maximum likelihood curve and Weibull models.

source("recording.R")
record <- new_record()
put <- record$put

# Turnbull's intervals ]left, right]: from a lower limit to the next upper limit with no other limit between them
turnbull <- function(lower, upper) {
  upper[is.na(upper)] <- Inf
  exact <- lower == upper
  # an exact time t is the interval ]t-, t]: ends are ordered upper before lower, but the lower end of an exact time comes first
  ends <- rbind(data.frame(at = lower, rank = ifelse(exact, 0, 2), left = TRUE),
                data.frame(at = upper, rank = 1, left = FALSE))
  ends <- unique(ends[order(ends$at, ends$rank), ])
  place <- which(ends$left[-nrow(ends)] & !ends$left[-1])
  left <- ends[place, ]
  right <- ends[place + 1, ]
  key <- function(at, rank) at + rank / 10
  inside <- outer(key(lower, ifelse(exact, 0, 2)), key(left$at, left$rank), "<=") &
    outer(key(upper, 1), key(right$at, 1), ">=")
  mass <- rep(1 / length(place), length(place))
  # equal rows once, with their number; intervals that have lost all mass stay without (the check below covers them)
  pattern <- apply(inside, 1, paste, collapse = "")
  first <- !duplicated(pattern)
  share <- as.vector(table(pattern)[pattern[first]]) / length(lower)
  rows <- inside[first, ] * 1
  kept <- seq_along(mass)
  for (step in 1:300000) {
    new <- mass[kept] * as.vector(crossprod(rows, share / as.vector(rows %*% mass[kept])))
    moved <- max(abs(new - mass[kept]))
    mass[kept] <- new
    if (moved < 1e-14) break
    if (step %% 1000 == 0 && any(new < 1e-14)) {
      mass[kept[new < 1e-14]] <- 0
      rows <- rows[, new >= 1e-14, drop = FALSE]
      kept <- kept[new >= 1e-14]
    }
  }
  # at the maximum no interval's mean share of the likelihood exceeds 1 (Gentleman and Geyer)
  list(left = left$at, right = right$at, mass = mass, log_likelihood = sum(log(inside %*% mass)),
       excess = max(colMeans(inside / as.vector(inside %*% mass))) - 1, steps = step)
}

sets <- list(cav = read_data("cav"), edema = read_data("edema"))
# the same with exact days for every third patient who had the event
sets$mixed <- within(sets$cav, lower[seq(1, length(lower), 3)] <- ifelse(
  is.na(upper[seq(1, length(lower), 3)]), lower[seq(1, length(lower), 3)], upper[seq(1, length(lower), 3)]))
right <- read_data("lung")
sets$lung <- data.frame(lower = right$time, upper = ifelse(right$event == 1, right$time, NA))
for (name in names(sets)) {
  frame <- sets[[name]]
  found <- turnbull(frame$lower, frame$upper)
  stopifnot(found$excess < 1e-6)
  cat(name, length(found$mass), found$steps, found$log_likelihood, found$excess, "\n")
  put(name, "log_likelihood", "value", found$log_likelihood)
  # between the intervals that hold mass the curve is fixed
  held <- found$mass > 1e-9
  survival <- 1 - cumsum(found$mass)
  at <- which(is.finite(found$right) & held)
  at <- at[unique(round(seq(1, length(at), length.out = 15)))]
  put(name, "survival", found$right[at], survival[at])
  half <- which(survival <= 0.5)[1]
  put(name, "median", c("left", "right"), c(found$left[half], found$right[half]))
  theirs <- survfit(Surv(lower, upper, type = "interval2") ~ 1, frame)
  put(name, "survfit median", "value", quantile(theirs, 0.5)$quantile)
}

weibull <- function(name, y, x, frame) {
  fit <- survreg(as.formula(paste("y ~", x)), frame, dist = "weibull",
                 control = survreg.control(rel.tolerance = 1e-13, maxiter = 100))
  terms <- c(names(coef(fit)), "log(scale)")
  put(name, "weibull coefficient", terms, c(coef(fit), log(fit$scale)))
  put(name, "weibull error", terms, sqrt(diag(fit$var)))
  put(name, "weibull log_likelihood", c("null", "model"), fit$loglik)
}
# in R lower = 0 is left-censored: NA
interval <- function(frame) with(frame, Surv(ifelse(lower == 0, NA, lower), upper, type = "interval2"))
weibull("cav", interval(sets$cav), "dage + ihd", sets$cav)
weibull("edema", interval(sets$edema), "trt + age", sets$edema)
weibull("mixed", interval(sets$mixed), "dage", sets$mixed)
weibull("lung", with(right, Surv(time, event)), "age + sex", right)
weibull("ovarian", with(read_data("ovarian"), Surv(time, event)), "age + rx", read_data("ovarian"))
weibull("mastectomy", with(read_data("mastectomy"), Surv(time, event)), "spread", read_data("mastectomy"))
record$write("intervals.csv")
