# Cumulative incidence (survfit with states, and cmprsk), Gray's tests and cause-specific Cox models.

source("recording.R")
library(cmprsk)
record <- new_record()
put <- record$put

# Greenwood's variance, carried forward matrix by matrix (Andersen, Borgan, Gill and Keiding 1993, section IV.4): the
# events of one time are a multinomial draw from those at risk. Without late entry survfit says the same; with late entry
# its error is the infinitesimal jackknife's, another estimate of the same thing.
greenwood <- function(start, stop, code, codes) {
  p <- c(1, 0 * codes)
  v <- matrix(0, length(p), length(p))
  out <- lapply(sort(unique(stop)), function(t) {
    n <- sum(start < t & stop >= t)
    h <- sapply(codes, function(k) sum(stop == t & code == k)) / n
    move <- diag(length(p))
    move[1, ] <- c(1 - sum(h), h)
    draw <- c(1 - sum(h), h)
    v <<- t(move) %*% v %*% move + p[1]^2 * (diag(draw) - draw %*% t(draw)) / n
    p <<- as.vector(p %*% move)
    sqrt(diag(v))[-1]
  })
  do.call(rbind, out)
}

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
    if (late) at <- at[fit$n.event[at, 1] >= 0 & fit$time[at] %in% frame[[case$time]][mine]]
    error <- greenwood(if (late) frame$start[mine] else -1, frame[[case$time]][mine], frame$code[mine], codes)
    error <- error[match(fit$time[at], sort(unique(frame[[case$time]][mine]))), , drop = FALSE]
    for (k in seq_along(codes)) {
      known <- !is.na(fit$std.err[at, k + 1])
      if (late) fit$std.err[at, k + 1] <- error[, k] else stopifnot(all.equal(error[known, k], fit$std.err[at, k + 1][known]))
      for (part in c("pstate", "std.err", if (!late) c("lower", "upper")))
        put(paste(case$case, "|", label), paste(part, codes[k]), fit$time[at], fit[[part]][at, k + 1])
    }
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
