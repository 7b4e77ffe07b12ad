# The battery: the same estimators on many more real data sets.
#
#   cd tests/survival/reference/battery && Rscript make_battery.R
#
# data.R writes data/; each other script reads its cases and writes one table of values of its own name.

for (part in c("data", "curves", "tests", "cox", "competing", "intervals", "rubin", "imputation")) system2("Rscript", paste0(part, ".R"), stdout = FALSE)
versions <- sapply(c("survival", "cmprsk", "mice", "MASS", "boot", "HSAUR3", "msm"), function(p) as.character(packageVersion(p)))
writeLines(c(R.version.string, paste(names(versions), versions), format(Sys.Date())), "versions.txt")
