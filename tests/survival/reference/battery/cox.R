# Cox models: estimates, errors, tests, concordance, proportional hazards, prediction, residuals, ridge, splines, profiles
# and Firth's correction.

source("recording.R")
library(splines)
record <- new_record()
put <- record$put

fit_case <- function(case, frame) {
  right <- c(words(case$covariates), if (nzchar(case$strata)) paste0("strata(", case$strata, ")"))
  left <- if (nzchar(case$start)) paste0("Surv(", case$start, ", ", case$time, ", ", case$event, ")") else
    paste0("Surv(", case$time, ", ", case$event, ")")
  arguments <- list(as.formula(paste(left, "~", paste(right, collapse = " + "))), data = frame, ties = case$ties,
                    control = tight, x = TRUE)
  if (nzchar(case$weights)) arguments$weights <- frame[[case$weights]]
  if (nzchar(case$cluster)) arguments$cluster <- frame[[case$cluster]] else arguments$robust <- FALSE
  do.call(coxph, arguments)
}

for (case in read_cases("cox")) {
  frame <- read_data(case$data, case$only)
  fit <- fit_case(case, frame)
  name <- case$case
  place <- seq_along(coef(fit))
  clustered <- nzchar(case$cluster)
  put(name, "n", c("rows", "events"), c(fit$n, fit$nevent))
  put(name, "coefficient", place, coef(fit))
  put(name, "standard_error", place, sqrt(diag(fit$var)))
  if (clustered) put(name, "model_error", place, sqrt(diag(fit$naive.var)))
  put(name, "log_likelihood", c("null", "model"), fit$loglik)
  put(name, "test", c("likelihood_ratio", "wald", "score"), c(2 * diff(fit$loglik), fit$wald.test, fit$score))
  put(name, "concordance", "C", fit$concordance["concordance"])
  if (!clustered) put(name, "concordance", "error", fit$concordance["std"])
  for (transform in c("km", "rank", "identity", "log")) {
    z <- cox.zph(fit, transform = transform)
    put(name, paste("zph", transform), rownames(z$table), z$table[, "chisq"])
  }
  if (!nzchar(case$weights)) {
    put(name, "martingale", c("squares", "largest"), c(sum(resid(fit, "martingale")^2), max(resid(fit, "martingale"))))
    scores <- as.matrix(resid(fit, "score"))
    put(name, "score residuals", place, colSums(scores^2))
    put(name, "schoenfeld", place, colSums(as.matrix(resid(fit, "schoenfeld"))^2))
  }
  complete <- frame[complete.cases(frame[words(case$covariates)]), ]
  for (row in c(1, nrow(complete))) {
    curve <- survfit(fit, newdata = complete[row, ], se.fit = FALSE)
    if (nzchar(case$strata)) curve <- curve[1]
    at <- unique(round(seq(2, length(curve$time), length.out = 5)))
    # with strata the curve of the first stratum of the row itself is what newdata asks for
    if (!nzchar(case$strata)) put(name, paste("predicted", if (row == 1) "first" else "last"), curve$time[at], curve$surv[at])
  }
}

# ---- limits of the profile, by maximising over the others with one coefficient held --------------------------------------
profile_limits <- function(case, level = 0.95) {
  frame <- read_data(case$data, case$only)
  fit <- fit_case(case, frame)
  x <- fit$x
  y <- fit$y
  sapply(seq_len(ncol(x)), function(term) {
    drop <- function(beta) {
      held <- x[, term] * beta
      value <- if (ncol(x) == 1) coxph(y ~ offset(held), ties = case$ties)$loglik[1] else
        tail(coxph(y ~ x[, -term] + offset(held), ties = case$ties, control = tight)$loglik, 1)
      2 * (fit$loglik[2] - value) - qchisq(level, 1)
    }
    best <- coef(fit)[term]
    error <- sqrt(diag(fit$var))[term]
    c(uniroot(drop, c(best - 6 * error, best), tol = 1e-11)$root, uniroot(drop, c(best, best + 6 * error), tol = 1e-11)$root)
  })
}
cases <- read_cases("cox")
names(cases) <- sapply(cases, `[[`, "case")
for (name in c("lung", "ovarian", "aml", "heart", "stanford2", "mgus on age")) {
  limits <- profile_limits(cases[[name]])
  put(name, "profile lower", seq_len(ncol(limits)), limits[1, ])
  put(name, "profile upper", seq_len(ncol(limits)), limits[2, ])
}

# ---- ridge: coxph takes theta / 2 * sum(beta^2) from the log-likelihood; scale = TRUE in units of standard deviations -----
for (name in c("ovarian", "pbc", "gbsg", "heart")) for (theta in c(1, 10)) for (scaled in c(FALSE, TRUE)) {
  case <- cases[[name]]
  frame <- read_data(case$data, case$only)
  frame <- frame[complete.cases(frame[words(case$covariates)]), ]
  penalty <- paste0("ridge(", paste(words(case$covariates), collapse = ", "), ", theta = ", theta, ", scale = ", scaled, ")")
  y <- response(case, frame)
  layer <- if (nzchar(case$strata)) paste0("+ strata(", case$strata, ")")
  fit <- coxph(as.formula(paste("y ~", penalty, layer)), frame, ties = case$ties,
               control = coxph.control(eps = 1e-14, iter.max = 100, outer.max = 50))
  put(name, paste("ridge", theta, if (scaled) "scaled" else "plain"), seq_along(coef(fit)), coef(fit))
}

# ---- natural splines: what does not depend on the basis ------------------------------------------------------------------
for (part in list(c("lung", "age"), c("pbc", "bili"), c("gbsg", "nodes"), c("melanoma", "thickness"), c("heart", "age"))) {
  case <- cases[[part[1]]]
  frame <- read_data(case$data, case$only)
  frame$value <- frame[[part[2]]]
  frame <- frame[!is.na(frame$value), ]
  basis <- ns(frame$value, df = 3)
  fit <- coxph(response(case, frame) ~ basis, ties = "efron", control = tight)
  key <- paste(part, collapse = " spline ")
  put(key, "knots", c("low", "first", "second", "high"),
      c(attr(basis, "Boundary.knots")[1], attr(basis, "knots"), attr(basis, "Boundary.knots")[2]))
  put(key, "fit", c("log_likelihood", "concordance", "score"), c(fit$loglik[2], fit$concordance["concordance"], fit$score))
  at <- quantile(frame$value, c(0, 0.3, 0.6, 1), type = 1, names = FALSE)
  put(key, "log hazard against the lowest", at, as.vector((predict(basis, at) - predict(basis, at[c(1, 1, 1, 1)])) %*% coef(fit)))
}

# ---- separation: Firth's penalised likelihood maximised without derivatives ----------------------------------------------
frame <- read_data("pbc_transplant")
x <- as.matrix(frame[c("first_stage", "age", "bili")])
y <- Surv(frame$time, frame$event)
center <- scale(x)
held <- function(beta) {
  fit <- suppressWarnings(coxph(y ~ center, init = beta, ties = "efron", control = coxph.control(iter.max = 0)))
  fit$loglik[1] + 0.5 * as.numeric(determinant(solve(fit$var))$modulus)
}
best <- optim(rep(0, 3), function(b) -held(b), method = "BFGS", control = list(reltol = 1e-15, maxit = 1000),
              gr = function(b) sapply(1:3, function(k) {
                h <- 1e-4 * (1:3 == k)
                (8 * (held(b - h) - held(b + h)) - held(b - 2 * h) + held(b + 2 * h)) / (12 * 1e-4)
              }))
put("pbc transplant", "coefficient", colnames(x), best$par / attr(center, "scaled:scale"))
put("pbc transplant", "penalised log-likelihood", c("null", "model"),
    c(held(rep(0, 3)), -best$value) + sum(log(attr(center, "scaled:scale"))) * 0)
plain <- suppressWarnings(coxph(y ~ x))
put("pbc transplant", "log-likelihood at the edge", "model", plain$loglik[2])
record$write("cox.csv")
