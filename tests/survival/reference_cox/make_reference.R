# Reference values for what surrounds the Cox model: baseline, prediction, residuals, ridge, profile, spline, calibration.
#
#   cd tests/survival/reference_cox && Rscript make_reference.R
#
# Reads ../reference/data/*.csv; writes values.csv and versions.txt.

library(survival)
library(splines)
options(digits = 17)
exact <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 200)
read <- function(name) {
  table <- read.csv(file.path("../reference/data", paste0(name, ".csv")))
  as.data.frame(lapply(table, function(x) if (is.integer(x)) as.numeric(x) else x))
}
lung <- read("lung"); veteran <- read("veteran"); heart <- read("heart"); pbc <- read("pbc"); bladder <- read("bladder")
colon <- read("colon"); cgd <- read("cgd")
values <- list()
put <- function(case, item, name, value) values[[length(values) + 1]] <<- data.frame(
  case = case, item = item, name = as.character(name),
  value = formatC(as.numeric(value), digits = 15, format = "g", width = 1))

# residuals are compared by their first two, their sum times the place, and their sum of squares
digest <- function(r) { r <- as.numeric(r); c(r[1:2], sum(r * seq_along(r)), sum(r^2)) }

# ---- the models; tests/survival/test_cox_*.py fits the same ---------------------------------------------------------
fit <- function(formula, data, ties = "efron", ...)
  do.call(coxph, list(formula, data = data, ties = ties, control = exact, x = TRUE, ...))
models <- list(
  "veteran months" = fit(Surv(months, event) ~ karno + age, veteran),
  "veteran months breslow" = fit(Surv(months, event) ~ karno + age, veteran, ties = "breslow"),
  "veteran strata" = fit(Surv(months, event) ~ karno + age + strata(celltype), veteran),
  "veteran weights" = fit(Surv(months, event) ~ karno + age, veteran, weights = veteran$weight, robust = FALSE),
  "veteran cluster" = fit(Surv(months, event) ~ karno + age, veteran, cluster = veteran$age),
  "heart" = fit(Surv(start, stop, event) ~ age + surgery + transplant, heart),
  "heart strata" = fit(Surv(start, stop, event) ~ age + transplant + strata(surgery), heart))
new <- data.frame(karno = c(30, 60, 90), age = c(70, 60, 40), celltype = c("squamous", "large", "smallcell"))
for (name in names(models)) {
  m <- models[[name]]
  # the hazard of somebody with all covariates 0
  base <- basehaz(m, centered = FALSE)
  for (row in seq_len(nrow(base)))
    put(name, "baseline", paste(if (is.null(base$strata)) "all" else sub(".*=", "", base$strata[row]), base$time[row]),
        base$hazard[row])
  for (kind in c("martingale", "deviance")) put(name, kind, 1, digest(residuals(m, kind)))
  for (kind in c("score", "dfbeta", "dfbetas", "schoenfeld")) {
    r <- as.matrix(residuals(m, kind, weighted = FALSE))
    for (column in seq_len(ncol(r))) put(name, kind, column, digest(r[, column]))
  }
  if (!startsWith(name, "heart")) {
    times <- c(1, 3, 6, 12)
    for (type in c("log", "log-log", "plain")) {
      s <- summary(survfit(m, newdata = new, conf.type = type), times = times)
      if (name == "veteran strata") {
        place <- cbind(rep(1:3, each = 4))
        for (part in c("surv", "lower", "upper")) put(name, paste(part, type), s$time, s[[part]])
      } else for (person in 1:3) for (part in c("surv", "std.err", "lower", "upper"))
        put(name, paste(part, type), paste(person, times), s[[part]][, person])
    }
  }
}

# ---- ridge(): no scaling ---------------------------------------------------------------------------------------------
ridged <- list(
  "pbc ridge" = list(coxph(Surv(time, event) ~ ridge(age, edema, bili, albumin, theta = 5, scale = FALSE), pbc, control = exact), 5),
  "heart ridge" = list(coxph(Surv(start, stop, event) ~ ridge(age, surgery, transplant, theta = 2, scale = FALSE), heart, control = exact), 2))
for (name in names(ridged)) {
  m <- ridged[[name]][[1]]
  put(name, "coefficient", seq_along(coef(m)), coef(m))
  put(name, "standard_error", seq_along(coef(m)), sqrt(diag(m$var)))
  put(name, "log_likelihood", c("null", "model"), m$loglik)
  put(name, "df", "", m$df)
  put(name, "wald", "", m$wald.test)
}

# ---- profile likelihood ----------------------------------------------------------------------------------------------
profile <- function(case, variables, response, data) {
  formula <- as.formula(paste(response, "~", paste(variables, collapse = "+")))
  m <- coxph(formula, data, control = exact)
  top <- m$loglik[2]; drop <- qchisq(0.95, 1) / 2
  for (one in variables) {
    rest <- setdiff(variables, one)
    at <- function(b) {
      data$shift <- b * data[[one]]
      f <- as.formula(paste(response, "~ offset(shift) +", paste(if (length(rest)) rest else "1", collapse = "+")))
      g <- coxph(f, data, control = exact)
      g$loglik[length(g$loglik)]
    }
    b <- coef(m)[[one]]; w <- 6 * sqrt(m$var[match(one, variables), match(one, variables)])
    f <- function(x) at(x) - top + drop
    put(case, "lower", one, uniroot(f, c(b - w, b), tol = 1e-12)$root)
    put(case, "upper", one, uniroot(f, c(b, b + w), tol = 1e-12)$root)
    put(case, "ratio", one, 2 * (top - at(0)))
  }
}
profile("profile veteran", c("karno", "age", "prior"), "Surv(months, event)", veteran)
profile("profile heart", c("age", "surgery", "transplant"), "Surv(start, stop, event)", heart)

# ---- natural spline --------------------------------------------------------------------------------------------------
for (df in 2:4) {
  b <- ns(pbc$bili, df = df)
  put(paste("ns", df), "knots", "", attr(b, "knots"))
  for (column in seq_len(df)) put(paste("ns", df), "column", column, digest(b[, column]))
}
b <- ns(pbc$bili, knots = c(1, 4), Boundary.knots = c(0.5, 20))
for (column in 1:3) put("ns knots", "column", column, digest(b[, column]))
straight <- fit(Surv(time, event) ~ bili + age, pbc)
curved <- fit(Surv(time, event) ~ ns(bili, df = 3) + age, pbc)
put("non-linearity", "statistic", "", 2 * (curved$loglik[2] - straight$loglik[2]))

# ---- calibration: groups of predicted survival at 730 days -----------------------------------------------------------
half <- seq_len(nrow(pbc)) %% 2 == 1
m <- fit(Surv(time, event) ~ age + bili + albumin, pbc[half, ])
test <- pbc[!half, ]
predicted <- summary(survfit(m, newdata = test), times = 730)$surv[1, ]
group <- cut(predicted, quantile(predicted, seq(0, 1, 0.2)), include.lowest = TRUE, labels = FALSE)
for (g in 1:5) {
  s <- summary(survfit(Surv(time, event) ~ 1, test[group == g, ], conf.type = "log-log"), times = 730)
  put("calibration", "n", g, sum(group == g)); put("calibration", "predicted", g, mean(predicted[group == g]))
  for (part in c("surv", "lower", "upper")) put("calibration", part, g, s[[part]])
}
test$index <- log(-log(predicted))
slope <- fit(Surv(time, event) ~ index, test)
put("calibration", "slope", c("estimate", "lower", "upper"), c(coef(slope), confint(slope)))
s <- summary(survfit(Surv(time, event) ~ 1, test, conf.type = "log-log"), times = 730)
put("calibration", "ratio", c("estimate", "lower", "upper"), (1 - c(s$surv, s$upper, s$lower)) / mean(1 - predicted))

write.csv(do.call(rbind, values), "values.csv", row.names = FALSE, quote = FALSE)
writeLines(c(R.version.string, paste("survival", packageVersion("survival")), format(Sys.Date())), "versions.txt")
