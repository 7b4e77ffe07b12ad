# Reference values for the survival estimators, from R's survival package.
#
#   cd tests/survival/reference && Rscript make_reference.R
#
# Data sets come with the package survival (LGPL >= 2); they are published clinical data, each cited in its help page.
# Writes data/*.csv (the columns used), curves.csv, values.csv and versions.txt.

library(survival)
options(digits = 17)
exact <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)
text <- function(x) if (is.numeric(x)) formatC(x, digits = 17, format = "g", width = 1) else as.character(x)

# ---- data -----------------------------------------------------------------------------------------------------------
lung <- with(survival::lung, data.frame(time, event = as.integer(status == 2), sex, age, ph = ph.ecog, wt = wt.loss))
veteran <- with(survival::veteran, data.frame(time, event = status, trt, celltype = as.character(celltype), karno,
                                              age, prior = as.integer(prior > 0)))
veteran$months <- ceiling(veteran$time / 30)
veteran$weight <- rep(c(1, 2, 3), length.out = nrow(veteran))
ovarian <- with(survival::ovarian, data.frame(time = futime, event = fustat, age, rx, residual = resid.ds))
colon <- with(survival::colon, data.frame(id, etype, time, event = status, rx = as.character(rx), sex, age, nodes,
                                          obstruct))
pbc <- with(subset(survival::pbc, !is.na(trt)), data.frame(time, event = as.integer(status == 2), trt, age, edema,
                                                           bili, albumin, protime, stage))
heart <- with(survival::heart, data.frame(id, start, stop, event, age, year, surgery,
                                          transplant = as.integer(as.character(transplant))))
mgus <- with(survival::mgus, data.frame(start = age * 365.25, stop = age * 365.25 + futime, event = death,
                                        sex = as.character(sex), hgb))
bladder <- with(survival::bladder2, data.frame(id, start, stop, event, rx, number, size, enum))
cgd <- with(survival::cgd, data.frame(id, start = tstart, stop = tstop, event = status, treat = as.character(treat),
                                      age, hospital = as.character(hos.cat)))
# progression to a plasma cell malignancy (1) competes with death before it (2)
mgus2 <- with(survival::mgus2, data.frame(time = ifelse(pstat == 1, ptime, futime),
                                          code = ifelse(pstat == 1, 1, 2 * death), sex = as.character(sex)))
for (name in c("lung", "veteran", "ovarian", "colon", "pbc", "heart", "mgus", "bladder", "cgd", "mgus2")) {
  file <- file.path("data", paste0(name, ".csv"))
  write.csv(get(name), file, row.names = FALSE, quote = FALSE, na = "")
  # the very numbers that the tests read; cox.zph(transform = "identity") fails on integer times
  assign(name, as.data.frame(lapply(read.csv(file), function(x) if (is.integer(x)) as.numeric(x) else x)))
}

# ---- where values go ------------------------------------------------------------------------------------------------
values <- list()
put <- function(case, item, name, value) values[[length(values) + 1]] <<-
  data.frame(case = case, item = item, name = as.character(name), value = text(as.numeric(value)))
curves <- list()

# ---- Kaplan-Meier ---------------------------------------------------------------------------------------------------
curve <- function(case, formula, data, conf.type = "log-log", at = NULL, tau = NULL, level = 0.95) {
  fit <- survfit(formula, data, conf.type = conf.type, conf.int = level)
  label <- if (is.null(fit$strata)) "all" else rep(sub(".*=", "", names(fit$strata)), fit$strata)
  curves[[length(curves) + 1]] <<- data.frame(
    case = case, group = label, time = text(fit$time), at_risk = fit$n.risk, events = fit$n.event,
    censored = fit$n.censor, survival = text(fit$surv), lower = text(fit$lower), upper = text(fit$upper))
  labels <- unique(label)
  for (p in c(0.25, 0.5, 0.75)) {
    q <- quantile(fit, p)
    for (part in c("quantile", "lower", "upper")) put(case, paste(part, p), labels, q[[part]])
  }
  if (!is.null(at)) {
    s <- summary(fit, times = at)
    where <- if (is.null(s$strata)) "all" else sub(".*=", "", as.character(s$strata))
    # counted, because with late entry summary() reports the number at risk of the next row
    y <- model.response(model.frame(formula, data))
    if (ncol(y) == 2) y <- cbind(0, y)
    member <- if (is.null(fit$strata)) "all" else as.character(model.frame(formula, data)[[2]])
    risk <- function(group, t) sum((y[, 1] < t | y[, 1] == 0) & y[, 2] >= t & member == group)
    put(case, "at n.risk", paste(where, s$time), mapply(risk, where, s$time))
    for (part in c("surv", "lower", "upper")) put(case, paste("at", part), paste(where, s$time), s[[part]])
  }
  if (!is.null(tau)) {
    m <- summary(fit, rmean = tau)$table
    if (is.null(dim(m))) m <- t(m)
    put(case, "rmean", labels, m[, "rmean"])
    put(case, "se(rmean)", labels, m[, "se(rmean)"])
  }
}
curve("lung", Surv(time, event) ~ 1, lung, at = c(0, 100, 365, 600))
curve("lung by sex", Surv(time, event) ~ sex, lung, at = c(0, 100, 365, 600), tau = 800)
curve("lung log", Surv(time, event) ~ 1, lung, conf.type = "log")
curve("lung plain 90", Surv(time, event) ~ 1, lung, conf.type = "plain", level = 0.9)
curve("veteran by cell", Surv(months, event) ~ celltype, veteran, at = c(1, 3, 5), tau = 6)
curve("ovarian by rx", Surv(time, event) ~ rx, ovarian, at = c(0, 300, 600), tau = 700)
curve("heart", Surv(start, stop, event) ~ 1, heart, at = c(0, 30, 100, 365))
curve("heart by transplant", Surv(start, stop, event) ~ transplant, heart, at = c(30, 100, 365))
curve("mgus by sex", Surv(start, stop, event) ~ sex, mgus, at = c(50, 60, 70, 80) * 365.25)
for (case in list(list("lung follow-up", Surv(time, 1 - event) ~ sex, lung))) {
  q <- quantile(survfit(case[[2]], case[[3]], conf.type = "log-log"), 0.5)
  for (part in c("quantile", "lower", "upper")) put(case[[1]], paste(part, 0.5), 1:2, q[[part]])
}
# a curve that rests on the level, until the next event and until the end
rests <- data.frame(time = 1:8, event = c(1, 1, 1, 1, 1, 1, 0, 1), ends = c(1, 1, 1, 1, 0, 0, 0, 0))
curve("rests on the level", Surv(time, event) ~ 1, rests)
curve("rests on the level to the end", Surv(time, ends) ~ 1, rests)

# ---- log-rank -------------------------------------------------------------------------------------------------------
compare <- function(case, formula, data, rho = 0) {
  fit <- survdiff(formula, data, rho = rho)
  put(case, "log-rank", "statistic", fit$chisq)
  observed <- if (is.matrix(fit$obs)) rowSums(fit$obs) else fit$obs
  expected <- if (is.matrix(fit$exp)) rowSums(fit$exp) else fit$exp
  put(case, "observed", seq_along(observed), observed)
  put(case, "expected", seq_along(expected), expected)
}
compare("lung by sex", Surv(time, event) ~ sex, lung)
compare("veteran by cell", Surv(time, event) ~ celltype, veteran)
compare("veteran months by cell", Surv(months, event) ~ celltype, veteran)
compare("veteran by cell in trt", Surv(months, event) ~ celltype + strata(trt), veteran)
compare("veteran by cell Peto", Surv(time, event) ~ celltype, veteran, rho = 1)
compare("colon by rx", Surv(time, event) ~ rx, subset(colon, etype == 2))
compare("colon by rx in sex", Surv(time, event) ~ rx + strata(sex), subset(colon, etype == 2))
# the score test of the discrete ("exact") Cox model has the hypergeometric variance
score <- function(formula, data) coxph(formula, data, ties = "exact", control = exact)$score
put("pbc trend over stage", "log-rank", "statistic", score(Surv(time, event) ~ stage, pbc))
put("lung trend over ph", "log-rank", "statistic", score(Surv(time, event) ~ ph, lung))
put("heart Mantel-Byar", "log-rank", "statistic", score(Surv(start, stop, event) ~ transplant, heart))

# ---- Cox ------------------------------------------------------------------------------------------------------------
model <- function(case, formula, data, ties = "efron", weights = NULL, cluster = NULL, zph = TRUE) {
  arguments <- list(formula, data = data, ties = ties, control = exact)
  if (!is.null(weights)) arguments$weights <- data[[weights]]
  if (!is.null(cluster)) arguments$cluster <- data[[cluster]] else arguments$robust <- FALSE
  fit <- do.call(coxph, arguments)
  place <- seq_along(coef(fit))
  put(case, "coefficient", place, coef(fit))
  put(case, "standard_error", place, sqrt(diag(fit$var)))
  if (!is.null(cluster)) put(case, "model_error", place, sqrt(diag(fit$naive.var)))
  put(case, "log_likelihood", c("null", "model"), fit$loglik)
  put(case, "test", c("score", "wald"), c(fit$score, fit$wald.test))
  put(case, "concordance", c("C", "error"), c(fit$concordance["concordance"], fit$concordance["std"]))
  put(case, "n", c("rows", "events"), c(fit$n, fit$nevent))
  if (zph) for (transform in c("km", "rank", "identity", "log")) {
    z <- cox.zph(fit, transform = transform)
    put(case, paste("zph", transform), seq_len(nrow(z$table)), z$table[, "chisq"])
    put(case, paste("zph df", transform), seq_len(nrow(z$table)), z$table[, "df"])
    if (transform == "km") {
      z <- cox.zph(fit, transform = transform, terms = FALSE)
      put(case, "schoenfeld", place, colSums(z$y * z$x))
      put(case, "schoenfeld squared", place, colSums(z$y^2))
    }
  }
}
model("lung", Surv(time, event) ~ age + sex + ph + wt, lung)
model("veteran", Surv(time, event) ~ trt + celltype + karno + age, veteran)
model("veteran months", Surv(months, event) ~ celltype + karno, veteran)
model("veteran months breslow", Surv(months, event) ~ celltype + karno, veteran, ties = "breslow", zph = FALSE)
model("veteran strata", Surv(months, event) ~ karno + age + strata(celltype), veteran)
model("veteran weights", Surv(months, event) ~ karno + age, veteran, weights = "weight")
model("veteran weights cluster", Surv(months, event) ~ karno + age, veteran, weights = "weight", cluster = "age",
      zph = FALSE)
model("ovarian", Surv(time, event) ~ age + rx, ovarian)
model("colon", Surv(time, event) ~ rx + sex + age + nodes + obstruct, subset(colon, etype == 2))
model("colon cluster", Surv(time, event) ~ rx + nodes + strata(etype), colon, cluster = "id")
model("pbc", Surv(time, event) ~ trt + age + edema + bili + albumin + protime, pbc)
model("heart", Surv(start, stop, event) ~ age + surgery + transplant, heart)
model("heart breslow", Surv(start, stop, event) ~ age + surgery + transplant, heart, ties = "breslow", zph = FALSE)
model("heart strata", Surv(start, stop, event) ~ age + transplant + strata(surgery), heart)
model("mgus", Surv(start, stop, event) ~ sex + hgb, mgus)
model("bladder", Surv(start, stop, event) ~ rx + number + size + strata(enum), bladder, cluster = "id")
model("cgd", Surv(start, stop, event) ~ treat + age + strata(hospital), cgd, cluster = "id")

# ---- competing events -----------------------------------------------------------------------------------------------
for (by in c("all", "F", "M")) {
  rows <- if (by == "all") mgus2 else subset(mgus2, sex == by)
  s <- summary(survfit(Surv(time, factor(code, 0:2)) ~ 1, rows), times = c(12, 60, 120, 240, 360))
  for (cause in 1:2) for (part in c("pstate", "std.err", "lower", "upper"))
    put(paste("mgus2", by), paste(part, cause), s$time, s[[part]][, cause + 1])
}

# ---- rates ----------------------------------------------------------------------------------------------------------
for (case in list(c(142, 200), c(0, 20), c(20, 20), c(21, 61), c(1, 3))) {
  name <- paste(case, collapse = "/")
  put(name, "clopper-pearson", c("lower", "upper"), binom.test(case[1], case[2])$conf.int)
  put(name, "wilson", c("lower", "upper"), suppressWarnings(prop.test(case[1], case[2], correct = FALSE)$conf.int))
}

write.csv(do.call(rbind, values), "values.csv", row.names = FALSE, quote = FALSE)
write.csv(do.call(rbind, curves), "curves.csv", row.names = FALSE, quote = FALSE, na = "NaN")
writeLines(c(R.version.string, paste("survival", packageVersion("survival")), format(Sys.Date())), "versions.txt")
