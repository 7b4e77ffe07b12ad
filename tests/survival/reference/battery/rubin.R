# Rubin's rules: estimates of completed data, and what mice makes of them.

source("recording.R")
suppressPackageStartupMessages(library(mice))
record <- new_record()
put <- record$put
frame <- read_data("lung")[c("time", "event", "age", "sex", "ph", "wt")]
completed <- mice(frame, m = 7, maxit = 3, seed = 20261122, printFlag = FALSE)
fits <- with(completed, coxph(Surv(time, event) ~ age + sex + ph + wt))
terms <- names(coef(fits$analyses[[1]]))
for (k in seq_along(fits$analyses)) {
  put(paste("lung", k), "estimate", terms, coef(fits$analyses[[k]]))
  put(paste("lung", k), "covariance", seq_len(length(terms)^2), as.vector(vcov(fits$analyses[[k]])))
}
for (dfcom in c(161, 20, Inf)) {
  pooled <- pool(fits, dfcom = dfcom)
  table <- summary(pooled, conf.int = TRUE)
  key <- paste("lung pooled", dfcom)
  put(key, "estimate", terms, pooled$pooled$estimate)
  put(key, "standard_error", terms, sqrt(pooled$pooled$t))
  put(key, "degrees_of_freedom", terms, pooled$pooled$df)
  put(key, "fraction_missing", terms, pooled$pooled$fmi)
  put(key, "lambda", terms, pooled$pooled$lambda)
  put(key, "lower", terms, table[["2.5 %"]])
  put(key, "upper", terms, table[["97.5 %"]])
  put(key, "p_value", terms, table[["p.value"]])
}
# Li, Raghunathan and Rubin's D1 of all terms, and of two of them
d1 <- function(larger, smaller) mitml::testModels(larger, smaller, method = "D1")$test[1:4]
smaller <- with(completed, coxph(Surv(time, event) ~ age + sex))
put("lung pooled", "D1 of ph and wt", c("statistic", "df1", "df2", "p_value"), d1(fits$analyses, smaller$analyses))
record$write("rubin.csv")
