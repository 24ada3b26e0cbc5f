{
 "cells": [
  {
   "cell_type": "code",
   "metadata": {},
   "source": "# <m06_model>",
   "outputs": [],
   "execution_count": null
  }
 ],
 "metadata": {},
 "nbformat": 4,
 "nbformat_minor": 4
}
